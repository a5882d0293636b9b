// The official Node SDKs against the local DPS: devices over HTTP, MQTT and MQTT in WebSocket, with keys and with
// certificates, and the service SDK of the back end. Started by tests/interop/run.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';

const require = createRequire(import.meta.url);
const { ProvisioningDeviceClient } = require('azure-iot-provisioning-device');
const { Http } = require('azure-iot-provisioning-device-http');
const { Mqtt, MqttWs } = require('azure-iot-provisioning-device-mqtt');
const { ProvisioningServiceClient } = require('azure-iot-provisioning-service');
const { SymmetricKeySecurityClient } = require('azure-iot-security-symmetric-key');
const { X509Security } = require('azure-iot-security-x509');
const { Client, Message } = require('azure-iot-device');
const { Mqtt: DeviceMqtt } = require('azure-iot-device-mqtt');

const { DPS_HOST, DPS_ID_SCOPE, DPS_CONNECTION_STRING } = process.env;
const transports = { http: Http, mqtt: Mqtt, mqttws: MqttWs };
const service = ProvisioningServiceClient.fromConnectionString(DPS_CONNECTION_STRING);
const folder = mkdtempSync(join(tmpdir(), 'hubwire-dps-'));
const run = randomBytes(3).toString('hex'); // ids of this run, so that it can be repeated against one hub

after(() => rmSync(folder, { recursive: true }));

/** The SDK's promises give the entity with the HTTP answer beside it. */
const entity = (result) => result.responseBody ?? result.result ?? result;

const newKey = () => randomBytes(32).toString('base64');
const derive = (groupKey, id) => createHmac('sha256', Buffer.from(groupKey, 'base64')).update(id).digest('base64');

function openssl(...args) {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}

function read(name) {
  return readFileSync(join(folder, name), 'utf8');
}

function authority(name) {
  openssl('req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', `/CN=${name}`,
    '-keyout', `${name}.key`, '-out', `${name}.pem`);
}

function certificate(id, issuer) {
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${id}`, '-keyout', `${id}.key`, '-out', `${id}.csr`);
  openssl('x509', '-req', '-days', '10', '-in', `${id}.csr`, '-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`,
    '-CAcreateserial', '-out', `${id}.pem`);
  return { cert: read(`${id}.pem`), key: read(`${id}.key`) };
}

function register(Transport, security, payload) {
  const client = ProvisioningDeviceClient.create(DPS_HOST, DPS_ID_SCOPE, new Transport(), security);
  if (payload) client.setProvisioningPayload(payload);
  return client.register();
}

async function sendOne(connectionString, options) {
  const client = Client.fromConnectionString(connectionString, DeviceMqtt);
  if (options) await client.setOptions(options);
  await client.open();
  await client.sendEvent(new Message('{"hello":"hub"}'));
  await client.close();
}

for (const [name, Transport] of Object.entries(transports)) {
  describe(`device over ${name}`, () => {
    test('registers with a key of its own and connects to the hub', async () => {
      const id = `node-${name}-key-${run}`;
      const [primaryKey, secondaryKey] = [newKey(), newKey()];
      await service.createOrUpdateIndividualEnrollment({
        registrationId: id, deviceId: `device-of-${id}`,
        attestation: { type: 'symmetricKey', symmetricKey: { primaryKey, secondaryKey } },
        initialTwin: { tags: { from: 'enrollment' }, properties: { desired: { rate: 5 } } },
      });
      const result = await register(Transport, new SymmetricKeySecurityClient(id, primaryKey),
        { modelId: 'dtmi:com:example:Thermostat;1' });
      assert.equal(result.status, 'assigned');
      assert.equal(result.deviceId, `device-of-${id}`);
      await sendOne(`HostName=${result.assignedHub};DeviceId=${result.deviceId};SharedAccessKey=${primaryKey}`);
      const again = await register(Transport, new SymmetricKeySecurityClient(id, secondaryKey));
      assert.equal(again.deviceId, result.deviceId);
    });

    test('registers through a group with a derived key', async () => {
      const groupKey = newKey();
      const groupId = `node-${name}-group-${run}`;
      await service.createOrUpdateEnrollmentGroup({
        enrollmentGroupId: groupId,
        attestation: { type: 'symmetricKey', symmetricKey: { primaryKey: groupKey, secondaryKey: newKey() } },
      });
      const id = `node-${name}-member-${run}`;
      const key = derive(groupKey, id);
      const result = await register(Transport, new SymmetricKeySecurityClient(id, key));
      assert.equal(result.deviceId, id);
      await sendOne(`HostName=${result.assignedHub};DeviceId=${id};SharedAccessKey=${key}`);
    });

    test('registers with a certificate of its own and connects to the hub with it', async () => {
      const id = `node-${name}-x509-${run}`;
      authority(id); // a self-signed certificate
      const x509 = { cert: read(`${id}.pem`), key: read(`${id}.key`) };
      await service.createOrUpdateIndividualEnrollment({
        registrationId: id,
        attestation: { type: 'x509', x509: { clientCertificates: { primary: { certificate: x509.cert } } } },
      });
      const result = await register(Transport, new X509Security(id, x509));
      assert.equal(result.deviceId, id);
      await sendOne(`HostName=${result.assignedHub};DeviceId=${id};x509=true`, x509);
    });

    test('registers through a group with a certificate of its authority', async () => {
      const ca = `ca-${name}-${run}`;
      authority(ca);
      await service.createOrUpdateEnrollmentGroup({
        enrollmentGroupId: `node-${name}-ca-${run}`,
        attestation: { type: 'x509', x509: { signingCertificates: { primary: { certificate: read(`${ca}.pem`) } } } },
      });
      const id = `node-${name}-signed-${run}`;
      const x509 = certificate(id, ca);
      const result = await register(Transport, new X509Security(id, x509));
      assert.equal(result.deviceId, id);
      await sendOne(`HostName=${result.assignedHub};DeviceId=${id};x509=true`, x509);
    });

    test('is refused with a wrong key', async () => {
      const id = `node-${name}-wrong-${run}`;
      await service.createOrUpdateIndividualEnrollment({
        registrationId: id,
        attestation: { type: 'symmetricKey', symmetricKey: { primaryKey: newKey(), secondaryKey: newKey() } },
      });
      await assert.rejects(register(Transport, new SymmetricKeySecurityClient(id, newKey())));
    });
  });
}

describe('back end', () => {
  const id = `node-service-${run}`;
  const attestation = () => ({ type: 'symmetricKey', symmetricKey: { primaryKey: newKey(), secondaryKey: newKey() } });
  /** With callbacks: without one, the SDK's bulk call never ends and next() begins with the first page again. */
  const called = (call) => new Promise((resolve, reject) => {
    call((error, result) => (error ? reject(error) : resolve(result)));
  });
  const all = async (query) => {
    const found = [];
    do found.push(...await called((done) => query.next(done))); while (query.hasMoreResults);
    return found;
  };
  const bulk = (operation) => called((done) => service.runBulkEnrollmentOperation(operation, done));

  before(async () => {
    await service.createOrUpdateIndividualEnrollment({ registrationId: id, attestation: attestation() });
  });

  test('reads, changes by etag, and deletes an enrollment', async () => {
    const first = entity(await service.getIndividualEnrollment(id));
    assert.equal(first.provisioningStatus, 'enabled');
    assert.equal(first.attestation.symmetricKey, undefined);
    const changed = entity(await service.createOrUpdateIndividualEnrollment(
      { ...first, attestation: attestation(), provisioningStatus: 'disabled' }));
    assert.equal(changed.provisioningStatus, 'disabled');
    assert.notEqual(changed.etag, first.etag);
    await assert.rejects(service.createOrUpdateIndividualEnrollment({ ...first, attestation: attestation() }));
    await service.deleteIndividualEnrollment(id, changed.etag);
    await assert.rejects(service.getIndividualEnrollment(id), (error) => /not found/i.test(`${error.name} ${error.message}`));
  });

  test('shows the keys where they are asked for', async () => {
    const enrollmentId = `${id}-keys`;
    const keys = attestation();
    await service.createOrUpdateIndividualEnrollment({ registrationId: enrollmentId, attestation: keys });
    const mechanism = entity(await service.getIndividualEnrollmentAttestationMechanism(enrollmentId));
    assert.equal(mechanism.symmetricKey.primaryKey, keys.symmetricKey.primaryKey);
  });

  test('does what it can of a bulk call, and queries page by page', async () => {
    const enrollments = [1, 2, 3, 4, 5].map((n) => ({ registrationId: `${id}-bulk-${n}`, attestation: attestation() }));
    const made = await bulk({ mode: 'create', enrollments });
    assert.equal(made.isSuccessful, true);
    const again = await bulk({ mode: 'create', enrollments: enrollments.slice(0, 1) });
    assert.equal(again.isSuccessful, false);
    const found = await all(service.createIndividualEnrollmentQuery({ query: '*' }, 2));
    for (const { registrationId } of enrollments) {
      assert.ok(found.some((e) => e.registrationId === registrationId), registrationId);
    }
  });

  test('manages groups and the registrations of their devices', async () => {
    const groupKey = newKey();
    const enrollmentGroupId = `${id}-group`;
    await service.createOrUpdateEnrollmentGroup({
      enrollmentGroupId, attestation: { type: 'symmetricKey', symmetricKey: { primaryKey: groupKey, secondaryKey: newKey() } },
    });
    const member = `${id}-member`;
    await register(Http, new SymmetricKeySecurityClient(member, derive(groupKey, member)));
    const state = entity(await service.getDeviceRegistrationState(member));
    assert.equal(state.status, 'assigned');
    const states = await all(service.createEnrollmentGroupDeviceRegistrationStateQuery({ query: '*' }, enrollmentGroupId, 10));
    assert.deepEqual(states.map((s) => s.registrationId), [member]);
    await service.deleteDeviceRegistrationState(member);
    await assert.rejects(service.getDeviceRegistrationState(member));
    const groups = await all(service.createEnrollmentGroupQuery({ query: '*' }, 10));
    assert.ok(groups.some((g) => g.enrollmentGroupId === enrollmentGroupId));
    await service.deleteEnrollmentGroup(enrollmentGroupId);
    await assert.rejects(service.getEnrollmentGroup(enrollmentGroupId));
  });

  test('is refused with a wrong key', async () => {
    const wrong = DPS_CONNECTION_STRING.replace(/SharedAccessKey=.*/, `SharedAccessKey=${newKey()}`);
    await assert.rejects(ProvisioningServiceClient.fromConnectionString(wrong).getIndividualEnrollment(id));
  });
});
