// AMQP over WebSocket on 443: @azure/event-hubs reads, azure-iothub sends and hears feedback. Run by tests/interop/run.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { EventHubConsumerClient, earliestEventPosition } from '@azure/event-hubs';
import iothub from 'azure-iothub';
import common from 'azure-iot-common';
import device from 'azure-iot-device';
import mqtt from 'azure-iot-device-mqtt';
import WebSocket from 'ws';
import { newDevice } from './support/hubwire.mjs';

const deadline = { timeout: 60_000 };
const run = randomUUID();

/** A connected device. */
async function connected(text) {
  const client = device.Client.fromConnectionString(text, mqtt.Mqtt);
  await client.open();
  return client;
}

test('events are read at /$servicebus/websocket, large ones too', deadline, async () => {
  const { id, connectionString } = await newDevice('ws');
  const sender = await connected(connectionString);
  const large = 'x'.repeat(200_000);
  const reader = new EventHubConsumerClient('$Default', process.env.EVENTHUB_CONNECTION_STRING, { webSocketOptions: { webSocket: WebSocket } });
  try {
    for (const n of [0, 1]) await sender.sendEvent(new device.Message(JSON.stringify({ run, n, large })));
    const events = await new Promise((resolve, reject) => {
      const mine = [];
      reader.subscribe({
        async processEvents(batch) {
          mine.push(...batch.filter((event) => event.body?.run === run));
          if (mine.length === 2) resolve(mine);
        },
        async processError(error) { reject(error); },
      }, { startPosition: earliestEventPosition });
    });
    assert.deepEqual(events.map((event) => event.body.n), [0, 1]);
    assert.equal(events[1].body.large, large);
    assert.equal(events[0].systemProperties['iothub-connection-device-id'], id);
  } finally {
    await reader.close();
    await sender.close();
  }
});

test('a message goes out and its feedback comes back at /$iothub/websocket', deadline, async () => {
  const { id, connectionString } = await newDevice('ws');
  const backEnd = iothub.Client.fromConnectionString(process.env.IOTHUB_CONNECTION_STRING, iothub.AmqpWs);
  await backEnd.open();
  const target = await connected(connectionString);
  try {
    const receiver = await promisify(backEnd.getFeedbackReceiver.bind(backEnd))();
    const mine = new Promise((resolve, reject) => {
      receiver.on('errorReceived', reject);
      receiver.on('message', (batch) => {
        const records = JSON.parse(batch.data.toString()).filter((record) => record.deviceId === id);
        promisify(receiver.complete.bind(receiver))(batch).then(() => records.length && resolve(records[0]), reject);
      });
    });
    const arrived = new Promise((resolve) => {
      target.on('message', (got) => target.complete(got, () => resolve(got)));
    });
    await sleep(1_000); // the SDK subscribes behind our back, and what was sent before that is kept for others
    const out = new common.Message('switch on');
    out.messageId = randomUUID();
    out.ack = 'full';
    await backEnd.send(id, out);
    assert.equal((await arrived).data.toString(), 'switch on');
    const record = await mine;
    assert.equal(record.originalMessageId, out.messageId);
    assert.equal(record.statusCode, 'Success');
    await assert.rejects(backEnd.send(`nobody-${run}`, new common.Message('x')), { name: 'DeviceNotFoundError' });
  } finally {
    await target.close();
    await backEnd.close();
  }
});
