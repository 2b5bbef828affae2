/** A real S3 server on this machine (moto), whose signatures are checked by Amazon's own library once it is told to. */
import { AwsClient } from 'aws4fetch';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './databaseServers';
import { keep, stopTree } from './processes';
import { serverPython } from './python';

export interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Where no keys are checked. */
const ANY: Keys = { accessKeyId: 'AKIAANYBODY', secretAccessKey: 'anything' };
const START_MS = 60_000;

export class S3Server {
  private constructor(
    private readonly child: ChildProcess,
    readonly endpoint: string,
  ) {}

  static async start(): Promise<S3Server> {
    const [python, port] = await Promise.all([serverPython(), freePort()]);
    const child = keep(python, ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    const server = new S3Server(child, `http://127.0.0.1:${port}`);
    const until = Date.now() + START_MS;
    while ((await fetch(`${server.endpoint}/moto-api/`).catch(() => undefined)) === undefined) {
      if (child.exitCode !== null || Date.now() > until) throw new Error('The S3 server did not start.');
      await sleep(100);
    }
    return server;
  }

  async stop(): Promise<void> {
    await stopTree(this.child);
  }

  async makeBucket(name: string): Promise<void> {
    await this.ask('s3', `/${name}`, { method: 'PUT' });
  }

  async keepVersions(bucket: string): Promise<void> {
    const body = '<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>';
    await this.ask('s3', `/${bucket}?versioning`, { method: 'PUT', body });
  }

  /** @param whose who may read it beside its owner */
  async put(bucket: string, key: string, body: string, whose: 'private' | 'public-read' = 'private'): Promise<void> {
    const path = key.split('/').map(encodeURIComponent).join('/');
    await this.ask('s3', `/${bucket}/${path}`, { method: 'PUT', body, headers: { 'x-amz-acl': whose } });
  }

  async remove(bucket: string, key: string): Promise<void> {
    await this.ask('s3', `/${bucket}/${key}`, { method: 'DELETE' });
  }

  /** Keys of a user who may do this. */
  async makeUser(name: string, actions: string): Promise<Keys> {
    const policy = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] };
    await this.iam({ Action: 'CreateUser', UserName: name });
    const document = { PolicyName: 'all', PolicyDocument: JSON.stringify(policy) };
    await this.iam({ Action: 'PutUserPolicy', UserName: name, ...document });
    const made = await this.iam({ Action: 'CreateAccessKey', UserName: name });
    const told = (tag: string) => new RegExp(`<${tag}>([^<]+)</${tag}>`).exec(made)?.[1] ?? '';
    return { accessKeyId: told('AccessKeyId'), secretAccessKey: told('SecretAccessKey') };
  }

  /** From now on, or until now: requests without a right signature are refused. */
  async checkSignatures(whether: boolean): Promise<void> {
    await fetch(`${this.endpoint}/moto-api/reset-auth`, { method: 'POST', body: whether ? '0' : 'inf' });
  }

  private iam(form: Readonly<Record<string, string>>): Promise<string> {
    const body = new URLSearchParams({ Version: '2010-05-08', ...form }).toString();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return this.ask('iam', '/', { method: 'POST', body, headers });
  }

  private async ask(service: string, path: string, init: RequestInit): Promise<string> {
    const client = new AwsClient({ ...ANY, service, region: 'us-east-1' });
    const answer = await client.fetch(this.endpoint + path, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text;
  }
}
