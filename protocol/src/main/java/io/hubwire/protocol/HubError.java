package io.hubwire.protocol;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The error numbers of IoT Hub with their names and HTTP statuses: what the local hub answers and the clients read.
 * DPS numbers its errors differently; see {@code DpsError}. Source: "Understand and resolve IoT Hub errors"
 * (troubleshoot-error-codes) and {@code ErrorCode.cs}; service-rest 12.2.
 */
public enum HubError {
    GENERIC_BAD_REQUEST(400000, "GenericBadRequest", 400),
    INVALID_PROTOCOL_VERSION(400001, "InvalidProtocolVersion", 400),
    DEVICE_INVALID_RESULT_COUNT(400002, "DeviceInvalidResultCount", 400),
    INVALID_OPERATION(400003, "InvalidOperation", 400),
    ARGUMENT_INVALID(400004, "ArgumentInvalid", 400),
    ARGUMENT_NULL(400005, "ArgumentNull", 400),
    IOT_HUB_FORMAT_ERROR(400006, "IotHubFormatError", 400),
    DEVICE_STORAGE_ENTITY_SERIALIZATION_ERROR(400007, "DeviceStorageEntitySerializationError", 400),
    BLOB_CONTAINER_VALIDATION_ERROR(400008, "BlobContainerValidationError", 400),
    IMPORT_WARNING_EXISTS_ERROR(400009, "ImportWarningExistsError", 400),
    INVALID_SCHEMA_VERSION(400010, "InvalidSchemaVersion", 400),
    DEVICE_DEFINED_MULTIPLE_TIMES(400011, "DeviceDefinedMultipleTimes", 400),
    DESERIALIZATION_ERROR(400012, "DeserializationError", 400),
    BULK_REGISTRY_OPERATION_FAILURE(400013, "BulkRegistryOperationFailure", 400),
    DEFAULT_STORAGE_ENDPOINT_NOT_CONFIGURED(400014, "DefaultStorageEndpointNotConfigured", 400),
    INVALID_FILE_UPLOAD_CORRELATION_ID(400015, "InvalidFileUploadCorrelationId", 400),
    EXPIRED_FILE_UPLOAD_CORRELATION_ID(400016, "ExpiredFileUploadCorrelationId", 400),
    INVALID_STORAGE_ENDPOINT(400017, "InvalidStorageEndpoint", 400),
    INVALID_MESSAGING_ENDPOINT(400018, "InvalidMessagingEndpoint", 400),
    INVALID_FILE_UPLOAD_COMPLETION_STATUS(400019, "InvalidFileUploadCompletionStatus", 400),
    INVALID_STORAGE_ENDPOINT_OR_BLOB(400020, "InvalidStorageEndpointOrBlob", 400),
    REQUEST_CANCELED(400021, "RequestCanceled", 400),
    INVALID_STORAGE_ENDPOINT_PROPERTY(400022, "InvalidStorageEndpointProperty", 400),
    ETAG_DOES_NOT_MATCH(400023, "EtagDoesNotMatch", 400),
    REQUEST_TIMED_OUT(400024, "RequestTimedOut", 400),
    UNSUPPORTED_OPERATION_ON_REPLICA(400025, "UnsupportedOperationOnReplica", 400),
    NULL_MESSAGE(400026, "NullMessage", 400),
    CONNECTION_FORCEFULLY_CLOSED_ON_NEW_CONNECTION(400027, "ConnectionForcefullyClosedOnNewConnection", 400),
    INVALID_DEVICE_SCOPE(400028, "InvalidDeviceScope", 400),
    CONNECTION_FORCEFULLY_CLOSED_ON_FAULT_INJECTION(400029, "ConnectionForcefullyClosedOnFaultInjection", 400),
    CONNECTION_REJECTED_ON_FAULT_INJECTION(400030, "ConnectionRejectedOnFaultInjection", 400),
    INVALID_ENDPOINT_AUTHENTICATION_TYPE(400031, "InvalidEndpointAuthenticationType", 400),
    MANAGED_IDENTITY_NOT_ENABLED(400032, "ManagedIdentityNotEnabled", 400),
    INVALID_POLICY_KEY(400035, "InvalidPolicyKey", 400),
    BULK_REGENERATE_DEVICE_KEY_OPERATION_FAILURE(400036, "BulkRegenerateDeviceKeyOperationFailure", 400),
    CANNOT_REGISTER_MODULE_TO_MODULE(400301, "CannotRegisterModuleToModule", 400),
    INVALID_CONFIGURATION_TARGET_CONDITION(400401, "InvalidConfigurationTargetCondition", 400),
    INVALID_CONFIGURATION_CONTENT(400402, "InvalidConfigurationContent", 400),
    CANNOT_MODIFY_IMMUTABLE_CONFIGURATION_CONTENT(400403, "CannotModifyImmutableConfigurationContent", 400),
    INVALID_CONFIGURATION_CUSTOM_METRICS_QUERY(400404, "InvalidConfigurationCustomMetricsQuery", 400),
    GENERIC_UNAUTHORIZED(401000, "GenericUnauthorized", 401),
    IOT_HUB_NOT_FOUND(401001, "IotHubNotFound", 401),
    IOT_HUB_UNAUTHORIZED_ACCESS(401002, "IotHubUnauthorizedAccess", 401),
    IOT_HUB_UNAUTHORIZED(401003, "IotHubUnauthorized", 401),
    SYSTEM_MODULE_MODIFY_UNAUTHORIZED_ACCESS(401100, "SystemModuleModifyUnauthorizedAccess", 401),
    GENERIC_FORBIDDEN(403000, "GenericForbidden", 403),
    IOT_HUB_SUSPENDED(403001, "IotHubSuspended", 403),
    IOT_HUB_QUOTA_EXCEEDED(403002, "IotHubQuotaExceeded", 403),
    JOB_QUOTA_EXCEEDED(403003, "JobQuotaExceeded", 403),
    DEVICE_MAXIMUM_QUEUE_DEPTH_EXCEEDED(403004, "DeviceMaximumQueueDepthExceeded", 403),
    IOT_HUB_MAX_CBS_TOKEN_EXCEEDED(403005, "IotHubMaxCbsTokenExceeded", 403),
    DEVICE_MAXIMUM_ACTIVE_FILE_UPLOAD_LIMIT_EXCEEDED(403006, "DeviceMaximumActiveFileUploadLimitExceeded", 403),
    DEVICE_MAXIMUM_QUEUE_SIZE_EXCEEDED(403007, "DeviceMaximumQueueSizeExceeded", 403),
    ROUTING_ENDPOINT_RESPONSE_FORBIDDEN(403008, "RoutingEndpointResponseForbidden", 403),
    INVALID_MESSAGE_EXPIRY_TIME(403009, "InvalidMessageExpiryTime", 403),
    OPERATION_NOT_AVAILABLE_IN_CURRENT_TIER(403010, "OperationNotAvailableInCurrentTier", 403),
    KEY_ENCRYPTION_KEY_REVOKED(403011, "KeyEncryptionKeyRevoked", 403),
    DEVICE_DISABLED(403012, "DeviceDisabled", 403),
    DEVICE_MAXIMUM_INFLIGHT_METHOD_EXCEEDED(403800, "DeviceMaximumInflightMethodExceeded", 403),
    GENERIC_NOT_FOUND(404000, "GenericNotFound", 404),
    DEVICE_NOT_FOUND(404001, "DeviceNotFound", 404),
    JOB_NOT_FOUND(404002, "JobNotFound", 404),
    QUOTA_METRIC_NOT_FOUND(404004, "QuotaMetricNotFound", 404),
    SYSTEM_PROPERTY_NOT_FOUND(404005, "SystemPropertyNotFound", 404),
    AMQP_ADDRESS_NOT_FOUND(404006, "AmqpAddressNotFound", 404),
    ROUTING_ENDPOINT_RESPONSE_NOT_FOUND(404007, "RoutingEndpointResponseNotFound", 404),
    CERTIFICATE_NOT_FOUND(404008, "CertificateNotFound", 404),
    ELASTIC_POOL_TENANT_HUB_NOT_FOUND(404009, "ElasticPoolTenantHubNotFound", 404),
    MODULE_NOT_FOUND(404010, "ModuleNotFound", 404),
    AZURE_TABLE_STORE_NOT_FOUND(404011, "AzureTableStoreNotFound", 404),
    IOT_HUB_FAILING_OVER(404012, "IotHubFailingOver", 404),
    FEATURE_NOT_SUPPORTED(404013, "FeatureNotSupported", 404),
    DIGITAL_TWIN_INTERFACE_NOT_FOUND(404014, "DigitalTwinInterfaceNotFound", 404),
    QUERY_STORE_CLUSTER_NOT_FOUND(404101, "QueryStoreClusterNotFound", 404),
    DEVICE_NOT_ONLINE(404103, "DeviceNotOnline", 404),
    DEVICE_CONNECTION_CLOSED_REMOTELY(404104, "DeviceConnectionClosedRemotely", 404),
    CONFIGURATION_NOT_FOUND(404301, "ConfigurationNotFound", 404),
    GROUP_NOT_FOUND(404302, "GroupNotFound", 404),
    GENERIC_METHOD_NOT_ALLOWED(405000, "GenericMethodNotAllowed", 405),
    OPERATION_NOT_ALLOWED_IN_CURRENT_STATE(405102, "OperationNotAllowedInCurrentState", 405),
    IMPORT_DEVICES_NOT_SUPPORTED(405103, "ImportDevicesNotSupported", 405),
    BULK_ADD_DEVICES_NOT_SUPPORTED(405104, "BulkAddDevicesNotSupported", 405),
    DEVICE_ALREADY_EXISTS(409001, "DeviceAlreadyExists", 409),
    LINK_CREATION_CONFLICT(409002, "LinkCreationConflict", 409),
    DEVICE_LOCKED(409102, "DeviceLocked", 409),
    DEVICE_JOB_ALREADY_EXISTS(409103, "DeviceJobAlreadyExists", 409),
    JOB_ALREADY_EXISTS(409104, "JobAlreadyExists", 409),
    MODULE_ALREADY_EXISTS_ON_DEVICE(409301, "ModuleAlreadyExistsOnDevice", 409),
    CONFIGURATION_ALREADY_EXISTS(409401, "ConfigurationAlreadyExists", 409),
    APPLY_CONFIGURATION_ALREADY_IN_PROGRESS_ON_DEVICE(409402, "ApplyConfigurationAlreadyInProgressOnDevice", 409),
    PRECONDITION_FAILED(412001, "PreconditionFailed", 412),
    DEVICE_MESSAGE_LOCK_LOST(412002, "DeviceMessageLockLost", 412),
    JOB_RUN_PRECONDITION_FAILED(412003, "JobRunPreconditionFailed", 412),
    INFLIGHT_MESSAGES_IN_LINK(412004, "InflightMessagesInLink", 412),
    MESSAGE_TOO_LARGE(413001, "MessageTooLarge", 413),
    TOO_MANY_DEVICES(413002, "TooManyDevices", 413),
    TOO_MANY_MODULES_ON_DEVICE(413003, "TooManyModulesOnDevice", 413),
    CONFIGURATION_COUNT_LIMIT_EXCEEDED(413101, "ConfigurationCountLimitExceeded", 413),
    GENERIC_UNSUPPORTED_MEDIA_TYPE(415000, "GenericUnsupportedMediaType", 415),
    INCOMPATIBLE_DATA_TYPE(415101, "IncompatibleDataType", 415),
    GENERIC_TOO_MANY_REQUESTS(429000, "GenericTooManyRequests", 429),
    THROTTLING_EXCEPTION(429001, "ThrottlingException", 429),
    THROTTLE_BACKLOG_LIMIT_EXCEEDED(429002, "ThrottleBacklogLimitExceeded", 429),
    THROTTLING_BACKLOG_TIMEOUT(429003, "ThrottlingBacklogTimeout", 429),
    THROTTLING_MAX_ACTIVE_JOB_COUNT_EXCEEDED(429004, "ThrottlingMaxActiveJobCountExceeded", 429),
    DEVICE_THROTTLING_LIMIT_EXCEEDED(429005, "DeviceThrottlingLimitExceeded", 429),
    CLIENT_CLOSED_REQUEST(499000, "ClientClosedRequest", 499),
    SERVER_ERROR(500001, "ServerError", 500),
    JOB_CANCELLED(500002, "JobCancelled", 500),
    GENERIC_TIMEOUT(500008, "GenericTimeout", 500),
    GENERIC_BAD_GATEWAY(502000, "GenericBadGateway", 502),
    GENERIC_SERVICE_UNAVAILABLE(503000, "GenericServiceUnavailable", 503),
    SERVICE_UNAVAILABLE(503001, "ServiceUnavailable", 503),
    PARTITION_NOT_FOUND(503003, "PartitionNotFound", 503),
    SERVER_BUSY(503005, "ServerBusy", 503),
    IOT_HUB_RESTORING(503006, "IotHubRestoring", 503),
    GENERIC_GATEWAY_TIMEOUT(504000, "GenericGatewayTimeout", 504),
    GATEWAY_TIMEOUT(504101, "GatewayTimeout", 504);

    private static final Map<Integer, HubError> BY_NUMBER =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(HubError::number, Function.identity()));
    private static final Map<String, HubError> BY_NAME =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(HubError::wireName, Function.identity()));

    private final int number;
    private final String wireName;
    private final int httpStatus;

    HubError(int number, String wireName, int httpStatus) {
        this.number = number;
        this.wireName = wireName;
        this.httpStatus = httpStatus;
    }

    /** Six digits, for example 404001. */
    public int number() {
        return number;
    }

    /** The name in bodies and in the {@code iothub-errorcode} header, for example {@code DeviceNotFound}. */
    public String wireName() {
        return wireName;
    }

    /** The HTTP status it is sent with, 400 to 599. */
    public int httpStatus() {
        return httpStatus;
    }

    /** What a client makes of it: more exact than the HTTP status alone. */
    public ErrorCode code() {
        return switch (this) {
            case INVALID_PROTOCOL_VERSION,
                    UNSUPPORTED_OPERATION_ON_REPLICA,
                    OPERATION_NOT_AVAILABLE_IN_CURRENT_TIER,
                    FEATURE_NOT_SUPPORTED -> ErrorCode.UNSUPPORTED;
            case EXPIRED_FILE_UPLOAD_CORRELATION_ID -> ErrorCode.EXPIRED;
            case REQUEST_CANCELED, IOT_HUB_FAILING_OVER -> ErrorCode.SERVER_ERROR;
            case ETAG_DOES_NOT_MATCH -> ErrorCode.PRECONDITION_FAILED;
            case REQUEST_TIMED_OUT, GENERIC_TIMEOUT -> ErrorCode.TIMED_OUT;
            case CONNECTION_FORCEFULLY_CLOSED_ON_NEW_CONNECTION -> ErrorCode.TAKEN_OVER;
            case CONNECTION_FORCEFULLY_CLOSED_ON_FAULT_INJECTION,
                    CONNECTION_REJECTED_ON_FAULT_INJECTION,
                    DEVICE_CONNECTION_CLOSED_REMOTELY,
                    CLIENT_CLOSED_REQUEST -> ErrorCode.CONNECTION_LOST;
            case IOT_HUB_QUOTA_EXCEEDED,
                    JOB_QUOTA_EXCEEDED,
                    IOT_HUB_MAX_CBS_TOKEN_EXCEEDED,
                    DEVICE_MAXIMUM_ACTIVE_FILE_UPLOAD_LIMIT_EXCEEDED,
                    TOO_MANY_DEVICES,
                    TOO_MANY_MODULES_ON_DEVICE,
                    CONFIGURATION_COUNT_LIMIT_EXCEEDED -> ErrorCode.QUOTA_EXCEEDED;
            case DEVICE_MAXIMUM_QUEUE_DEPTH_EXCEEDED, DEVICE_MAXIMUM_QUEUE_SIZE_EXCEEDED -> ErrorCode.QUEUE_FULL;
            case INVALID_MESSAGE_EXPIRY_TIME -> ErrorCode.INVALID_ARGUMENT;
            case DEVICE_DISABLED -> ErrorCode.DISABLED;
            case DEVICE_MAXIMUM_INFLIGHT_METHOD_EXCEEDED -> ErrorCode.THROTTLED;
            case DEVICE_NOT_ONLINE -> ErrorCode.DEVICE_OFFLINE;
            case JOB_CANCELLED -> ErrorCode.CANCELLED;
            default -> ErrorCode.ofHttpStatus(httpStatus);
        };
    }

    public static Optional<HubError> byNumber(int number) {
        return Optional.ofNullable(BY_NUMBER.get(number));
    }

    /** By wire name, case-sensitive. */
    public static Optional<HubError> byName(String wireName) {
        return Optional.ofNullable(BY_NAME.get(wireName));
    }
}
