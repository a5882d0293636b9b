// The official Node device SDK over MQTT and over MQTT in WebSocket; the back end's side is the hubwire command.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import device from 'azure-iot-device';
import transports from 'azure-iot-device-mqtt';
import { document, env, events, newDevice, next, run } from './support/hubwire.mjs';
import { selfSigned } from './support/self-signed.mjs';

const { Client, Message } = device;
const HARD = 'a=b&c%20d+e "f" /?#$;:@ü€😀';

async function connected(connectionString, transport, work, options) {
  const client = Client.fromConnectionString(connectionString, transport);
  if (options) await client.setOptions(options);
  client.on('error', () => {}); // what matters fails the call it belongs to
  await client.open();
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

for (const [name, transport] of [
  ['MQTT', transports.Mqtt],
  ['MQTT over WebSocket', transports.MqttWs],
]) {
  describe(`azure-iot-device over ${name}`, () => {
    test('the device of the env file sends a message that hubwire monitor shows', async () => {
      const body = JSON.stringify({ windSpeed: 12, at: Date.now(), by: name });
      const message = new Message(body);
      message.messageId = `m-${Date.now()}`;
      message.correlationId = 'c-1';
      message.contentType = 'application/json';
      message.contentEncoding = 'utf-8';
      message.properties.add('level', 'storm');

      await connected(env('IOTHUB_DEVICE_CONNECTION_STRING'), transport, (client) => client.sendEvent(message));

      const id = /DeviceId=([^;]*)/.exec(env('IOTHUB_DEVICE_CONNECTION_STRING'))[1];
      const seen = await event(id, (e) => e.system['message-id'] === message.messageId);
      assert.equal(seen.deviceId, id);
      assert.deepEqual(typeof seen.body === 'string' ? JSON.parse(seen.body) : seen.body, JSON.parse(body));
      assert.deepEqual(seen.properties, { level: 'storm' });
      assert.equal(seen.system['correlation-id'], 'c-1');
      assert.equal(seen.system['content-type'], 'application/json');
      assert.equal(seen.system['content-encoding'], 'utf-8');
    });

    test('properties and bytes that need encoding arrive as they were', async () => {
      const { id, connectionString } = await newDevice('hard');
      const message = new Message(Buffer.from([0, 255, 128, 10, 13]));
      message.messageId = HARD;
      message.properties.add(HARD, 'value');
      message.properties.add('name', HARD);
      message.properties.add('empty', '');

      await connected(connectionString, transport, (client) => client.sendEvent(message));

      const [seen] = await events(id, 1);
      assert.equal(seen.system['message-id'], HARD);
      assert.deepEqual(seen.properties, { [HARD]: 'value', name: HARD, empty: '' });
      assert.deepEqual([...Buffer.from(seen.bodyBase64, 'base64')], [0, 255, 128, 10, 13]);
    });

    test('many messages in flight arrive once each and in order', async () => {
      const { id, connectionString } = await newDevice('many');
      await connected(connectionString, transport, (client) =>
        Promise.all(Array.from({ length: 200 }, (_, n) => client.sendEvent(new Message(`n${n}`)))),
      );
      const bodies = (await events(id, 200)).map((e) => e.body);
      assert.deepEqual(bodies, Array.from({ length: 200 }, (_, n) => `n${n}`));
    });

    // as an HTTP header a property is ASCII only
    for (const [how, hard] of [
      [['--via', 'http'], 'a=b&c%20d+e "f" /?#$;:@'],
      [['--via', 'amqp'], HARD],
    ]) {
      test(`receives a C2D message sent ${how.join(' ')}, and the sender its feedback`, async () => {
        const { id, connectionString } = await newDevice('c2d');
        await connected(connectionString, transport, async (client) => {
          const arriving = next('C2D message', (resolve) =>
            client.on('message', (message) => {
              client.complete(message, () => resolve(message));
            }),
          );
          await subscribed(client);
          const [sent, message] = await Promise.all([
            document('c2d', 'send', id, 'hello device', ...how, '-p', 'urgent=true', '-p', `hard=${hard}`, '--wait-feedback'),
            arriving,
          ]);
          assert.equal(message.getData().toString(), 'hello device');
          assert.equal(message.messageId, sent.messageId);
          assert.equal(message.properties.getValue('urgent'), 'true');
          assert.equal(message.properties.getValue('hard'), hard);
          assert.equal(sent.feedback.statusCode, 'Success');
          assert.equal(sent.feedback.originalMessageId, sent.messageId);
        });
      });
    }

    test('answers a direct method', async () => {
      const { id, connectionString } = await newDevice('method');
      await connected(connectionString, transport, async (client) => {
        client.onDeviceMethod('blink', (request, response) =>
          response.send(202, { asked: request.payload, text: HARD }, () => {}),
        );
        await subscribed(client);
        const answer = await document('method', 'invoke', id, 'blink', '{"times":3}', '--connect-timeout', '5s');
        assert.deepEqual(answer, { status: 202, payload: { asked: { times: 3 }, text: HARD } });
      });
    });

    test('gets its twin, reports, and sees a desired patch', async () => {
      const { id, connectionString } = await newDevice('twin');
      await document('twin', 'update', id, '{"properties":{"desired":{"interval":5,"gone":1}}}');
      await connected(connectionString, transport, async (client) => {
        const twin = await client.getTwin();
        assert.equal(twin.properties.desired.interval, 5);
        assert.equal(twin.properties.desired.$version, 2);

        await new Promise((resolve, reject) =>
          twin.properties.reported.update({ state: { text: HARD, on: true } }, (e) => (e ? reject(e) : resolve())),
        );
        const shown = await document('twin', 'show', id);
        assert.deepEqual(shown.properties.reported.state, { text: HARD, on: true });

        const patches = [];
        const patched = next('desired patch', (resolve) =>
          twin.on('properties.desired', (patch) => {
            patches.push(patch);
            if (patch.interval === 7) resolve(patch);
          }),
        );
        await subscribed(client);
        await document('twin', 'update', id, '{"properties":{"desired":{"interval":7,"gone":null}}}');
        const patch = await patched;
        assert.equal(patch.$version, 3);
        assert.equal(twin.properties.desired.interval, 7);
        assert.equal(twin.properties.desired.gone, undefined);
      });
    });

    test('a self-signed certificate is as good as a key', async () => {
      const { cert, key, thumbprint } = selfSigned('interop');
      const { id } = await newDevice('x509', '--x509-thumbprint', thumbprint);
      const connectionString = `HostName=${env('HUBWIRE_HOST')};DeviceId=${id};x509=true`;
      await connected(connectionString, transport, (client) => client.sendEvent(new Message('signed')), { cert, key });
      assert.equal((await events(id, 1))[0].body, 'signed');

      const other = selfSigned('other');
      await assert.rejects(
        connected(connectionString, transport, (client) => client.sendEvent(new Message('forged')), other),
        (error) => /UnauthorizedError|NotConnectedError/.test(error.name),
      );
    });

    test('a wrong key is refused', async () => {
      const { connectionString } = await newDevice('wrong');
      const wrong = connectionString.replace(/SharedAccessKey=.*/, `SharedAccessKey=${Buffer.alloc(32).toString('base64')}`);
      await assert.rejects(
        connected(wrong, transport, (client) => client.sendEvent(new Message('x'))),
        (error) => error.name === 'UnauthorizedError',
      );
    });
  });
}

test('a method of a device that is not connected is answered by the hub', async () => {
  const { id } = await newDevice('absent');
  const { code, stdout } = await run('method', 'invoke', id, 'blink', '-o', 'json');
  assert.equal(code, 5);
  assert.equal(JSON.parse(stdout).error.errorCode, 404103);
});

/** A round trip after which the hub has seen every SUBSCRIBE the SDK has sent before: they travel in order. */
async function subscribed(client) {
  await new Promise((resolve) => setImmediate(resolve));
  await client.sendEvent(new Message('subscribed'));
}

async function event(deviceId, wanted) {
  for (let count = 1; ; count++) {
    const found = (await events(deviceId, count)).find(wanted);
    if (found) return found;
  }
}
