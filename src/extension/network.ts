/** How the engine reaches the network: as the editor's own settings say. It is a process of its own, which VS Code does not equip. */
import { workspace } from 'vscode';
import type { NetworkSettings } from '../protocol';
import { Disposable } from './disposable';
import type { EngineClient } from './engineClient';

/** Tells the engine, also when they are changed. Which of them a workspace may set is VS Code's affair. */
export class Network extends Disposable {
  constructor(engine: Pick<EngineClient, 'useNetwork'>) {
    super();
    engine.useNetwork(networkSettings());
    this._register(
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('http')) engine.useNetwork(networkSettings());
      }),
    );
  }
}

export function networkSettings(): NetworkSettings {
  const http = workspace.getConfiguration('http');
  const proxy = http.get<string>('proxy', '').trim();
  const noProxy = http.get<readonly string[]>('noProxy', []);
  const authorization = http.get<string | null>('proxyAuthorization', null);
  return {
    ...(proxy !== '' && { proxy: withScheme(proxy) }),
    ...(noProxy.length > 0 && { noProxy: noProxy.join(',') }),
    ...(http.get<string>('proxySupport') === 'off' && { proxy: '' }),
    ...(authorization && { proxyAuthorization: authorization }),
    ...(!http.get<boolean>('proxyStrictSSL', true) && { strictSSL: false }),
    systemCertificates: http.get<boolean>('systemCertificates', true),
  };
}

function withScheme(proxy: string): string {
  return proxy.includes('://') ? proxy : `http://${proxy}`;
}
