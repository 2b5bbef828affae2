import assert from 'node:assert/strict';
import { BackgroundWork } from '../../../src/extension/panels/backgroundWork';
import { cancelled } from '../../../src/protocol';

describe('work in the background', () => {
  /** Work that lasts until it is stopped, or until its end is let come. */
  function begun() {
    const told: string[] = [];
    const logged: unknown[] = [];
    const work: BackgroundWork<number> = new BackgroundWork<number>(
      () => told.push(work.activity.state),
      { error: (message: unknown) => logged.push(message) },
      'people',
    );
    let end: () => void = () => undefined;
    const running = work.run(
      (signal) =>
        new Promise((resolve, reject) => {
          end = resolve;
          signal.addEventListener('abort', () => reject(cancelled()));
        }),
    );
    return { work, told, logged, running, end: () => end() };
  }

  it('tells when it begins and when it is done', async () => {
    const { told, running, end } = begun();
    end();
    await running;
    assert.deepEqual(told, ['working', 'done']);
  });

  it('tells that it was cancelled, and can begin again', async () => {
    const { work, told, logged, running } = begun();
    work.cancel();
    await running;
    await work.run(() => Promise.resolve());
    assert.deepEqual(told, ['working', 'cancelled', 'cancelled', 'working', 'done']);
    assert.deepEqual(logged, []);
  });

  it('logs what went wrong, and tells it', async () => {
    const { work, logged, running, end } = begun();
    end();
    await running;
    await work.run(() => Promise.reject(new Error('no disk')));
    assert.deepEqual(work.activity, { state: 'failed', message: 'no disk' });
    assert.deepEqual(logged, ['people: no disk']);
  });

  it('is stopped when nobody is there any more: they are told nothing, and nothing begins', async () => {
    const { work, told, logged, running } = begun();
    work.leave();
    await running;
    work.isDone();
    await work.run(() => assert.fail('nobody asked for it'));
    assert.deepEqual([told, logged], [['working'], []]);
  });
});
