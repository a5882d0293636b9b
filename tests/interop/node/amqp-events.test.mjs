// @azure/event-hubs reads what devices sent: by TLS and in emulator form, from every start position, with owner levels
// and several consumer groups. Run by tests/interop/run, which starts the hub and sets the environment.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { randomUUID } from 'node:crypto';
import { EventHubConsumerClient, earliestEventPosition, latestEventPosition } from '@azure/event-hubs';
import device from 'azure-iot-device';
import mqtt from 'azure-iot-device-mqtt';

const connectionString = process.env.EVENTHUB_CONNECTION_STRING;
const deadline = { timeout: 60_000 };
const run = randomUUID();
const sent = [];
let sender;

before(async () => {
  sender = device.Client.fromConnectionString(process.env.IOTHUB_DEVICE_CONNECTION_STRING, mqtt.Mqtt);
  await sender.open();
  for (let n = 0; n < 5; n++) sent.push(await send(n));
}, deadline);

after(async () => {
  await sender?.close();
});

async function send(n) {
  const message = new device.Message(JSON.stringify({ run, n }));
  message.messageId = `${run}-${n}`;
  message.contentType = 'application/json';
  message.contentEncoding = 'utf-8';
  message.properties.add('level', 'high');
  await sender.sendEvent(message);
  return message.messageId;
}

/** Reads until `wanted` events of this run have come, or the time is up; closes everything. */
async function read(client, wanted, { options = {}, partition, onReady } = {}) {
  const events = [];
  let failure;
  await new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, 15_000);
    const handlers = {
      async processEvents(batch) {
        for (const event of batch) if (event.body?.run === run) events.push(event);
        if (events.length >= wanted) { clearTimeout(timer); resolve(); }
      },
      async processError(error) { failure = error; clearTimeout(timer); reject(error); },
    };
    const subscription = partition === undefined
      ? client.subscribe(handlers, options)
      : client.subscribe(partition, handlers, options);
    onReady?.(subscription);
  }).finally(() => client.close());
  assert.equal(failure, undefined);
  return events;
}

const consumer = (group = '$Default', text = connectionString, options) => new EventHubConsumerClient(group, text, options);
const numbers = (events) => events.map((event) => event.body.n);

test('the event hub and its partitions describe themselves', deadline, async () => {
  const client = consumer();
  try {
    const hub = await client.getEventHubProperties();
    assert.deepEqual(hub.partitionIds, ['0', '1', '2', '3']);
    assert.ok(hub.createdOn instanceof Date);
    let filled = 0;
    for (const id of hub.partitionIds) {
      const partition = await client.getPartitionProperties(id);
      assert.equal(partition.partitionId, id);
      if (!partition.isEmpty) {
        filled++;
        assert.ok(partition.lastEnqueuedSequenceNumber >= 4);
        assert.ok(partition.lastEnqueuedOnUtc instanceof Date);
      }
    }
    assert.ok(filled >= 1);
  } finally {
    await client.close();
  }
});

test('reads all from the start, with what the device and the hub say of each', deadline, async () => {
  const events = await read(consumer(), 5, { options: { startPosition: earliestEventPosition } });
  assert.deepEqual(numbers(events), [0, 1, 2, 3, 4]);
  const [first] = events;
  assert.equal(first.messageId, sent[0]);
  assert.equal(first.contentType, 'application/json');
  assert.equal(first.properties.level, 'high');
  assert.equal(first.systemProperties['iothub-connection-device-id'], 'device1');
  assert.equal(first.systemProperties['iothub-message-source'], 'Telemetry');
  assert.match(first.systemProperties['iothub-connection-auth-method'], /"scope":"device"/);
  assert.ok(first.enqueuedTimeUtc instanceof Date);
});

test('reads without TLS, as from an emulator', { ...deadline, skip: process.env.HUBWIRE_AMQP_PLAIN_PORT ? false : 'no plain port' }, async () => {
  const text = connectionString.replace(/Endpoint=sb:\/\/([^/:;]+)\/?/, `Endpoint=sb://$1:${process.env.HUBWIRE_AMQP_PLAIN_PORT}`);
  const client = consumer('$Default', `${text};UseDevelopmentEmulator=true`);
  const events = await read(client, 5, { options: { startPosition: earliestEventPosition } });
  assert.deepEqual(numbers(events), [0, 1, 2, 3, 4]);
});

test('starts at a sequence number, an offset and a time', deadline, async () => {
  const all = await read(consumer(), 5, { options: { startPosition: earliestEventPosition } });
  const partition = await partitionOf(all[2]);
  for (const [startPosition, expected] of [
    [{ sequenceNumber: all[2].sequenceNumber, isInclusive: true }, [2, 3, 4]],
    [{ sequenceNumber: all[2].sequenceNumber, isInclusive: false }, [3, 4]],
    [{ offset: String(all[2].offset), isInclusive: false }, [3, 4]],
    [{ enqueuedOn: new Date(all[0].enqueuedTimeUtc.getTime() - 1) }, [0, 1, 2, 3, 4]],
  ]) {
    const events = await read(consumer(), expected.length, { partition, options: { startPosition } });
    assert.deepEqual(numbers(events), expected, JSON.stringify(startPosition));
  }
});

test('starts at the end and gets only what comes after, told of the end of the partition', deadline, async () => {
  let next = 100;
  const events = await read(consumer('cg1'), 1, {
    options: { startPosition: latestEventPosition, trackLastEnqueuedEventProperties: true },
    onReady: async () => { await sleep(1_500); await send(next); },
  });
  assert.deepEqual(numbers(events), [100]);
});

test('a higher owner level takes a partition over', deadline, async () => {
  const low = consumer('cg2');
  const high = consumer('cg2');
  try {
    const stolen = new Promise((resolve) => {
      low.subscribe('0', { async processEvents() {}, async processError(error) { resolve(error); } }, { ownerLevel: 1, startPosition: latestEventPosition });
    });
    await sleep(1_500);
    high.subscribe('0', { async processEvents() {}, async processError() {} }, { ownerLevel: 2, startPosition: latestEventPosition });
    const error = await stolen;
    assert.equal(error.code, 'ReceiverDisconnectedError');
  } finally {
    await low.close();
    await high.close();
  }
});

test('an unknown consumer group and a foreign key are refused', deadline, async () => {
  const failure = (client) => new Promise((resolve) => {
    client.subscribe('0', { async processEvents() {}, async processError(error) { resolve(error); } }, { startPosition: latestEventPosition });
  }).finally(() => client.close());
  assert.equal((await failure(consumer('nobody'))).code, 'MessagingEntityNotFoundError');
  const foreign = connectionString.replace(/SharedAccessKey=[^;]+/, `SharedAccessKey=${Buffer.alloc(32).toString('base64')}`);
  const error = await failure(consumer('$Default', foreign, { retryOptions: { maxRetries: 0 } }));
  assert.equal(error.code, 'UnauthorizedError');
});

async function partitionOf(event) {
  const client = consumer();
  try {
    for (const id of await client.getPartitionIds()) {
      const partition = await client.getPartitionProperties(id);
      if (!partition.isEmpty && partition.lastEnqueuedSequenceNumber >= event.sequenceNumber
        && partition.lastEnqueuedOnUtc >= event.enqueuedTimeUtc) return id;
    }
    throw new Error('no partition holds the event');
  } finally {
    await client.close();
  }
}
