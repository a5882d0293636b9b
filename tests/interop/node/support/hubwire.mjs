// The hub's other side: the hubwire command, run as its users run it. tests/interop/run sets the environment.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';

/** A variable that tests/interop/run exports. */
export function env(name) {
  assert.ok(process.env[name], `${name} is not set: start these tests with tests/interop/run`);
  return process.env[name];
}

/** Runs hubwire to its end. @returns {Promise<{code: number, stdout: string, stderr: string}>} */
export async function run(...args) {
  const child = spawn(env('HUBWIRE_COMMAND'), args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 90_000 });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
  const [code] = await once(child, 'close');
  return { code, stdout, stderr };
}

/** Runs hubwire, which must succeed. @returns {Promise<object[]>} the documents it prints */
export async function documents(...args) {
  const { code, stdout, stderr } = await run(...args, '-o', 'json');
  assert.equal(code, 0, `hubwire ${args.join(' ')} ended with ${code}: ${stderr}${stdout}`);
  const lines = stdout.trim().split('\n').filter(Boolean);
  try {
    return lines.map((line) => JSON.parse(line));
  } catch {
    return [JSON.parse(stdout)]; // one document over several lines
  }
}

/** The only document hubwire prints. */
export async function document(...args) {
  const all = await documents(...args);
  assert.equal(all.length, 1, `hubwire ${args.join(' ')} prints one document`);
  return all[0];
}

/** Makes a device with a key and a name of its own. @returns {Promise<{id: string, connectionString: string}>} */
export async function newDevice(prefix, ...options) {
  const id = `${prefix}-${randomUUID().slice(0, 8)}`;
  const { connectionString } = await document('identity', 'create', id, ...options);
  return { id, connectionString };
}

/** What hubwire monitor shows of a device, from the start. */
export function events(deviceId, count) {
  return documents('monitor', '-d', deviceId, '--from', 'earliest', '--count', String(count), '--timeout', '30s');
}

/** The next argument of a callback, within a minute. */
export function next(what, subscribe) {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`no ${what} within a minute`)), 60_000);
    subscribe((value) => {
      clearTimeout(late);
      resolve(value);
    });
  });
}
