// @ts-check
// Where the published descriptions are known to be wrong about the service, each with its witness.
// The check shows every line with its count; one that nothing needs any more fails it.

/** @typedef {import('./exchange_check.mjs').Finding} Finding */

/**
 * @typedef {object} Quirk
 * @property {string} name
 * @property {(finding: Finding) => boolean} covers
 * @property {string} witness why we believe the service and not the description
 */

/** @type {readonly Quirk[]} */
export const quirks = [
    {
        name: 'null for a property without a value',
        covers: ({ side, problem }) => side === 'response' && problem === 'is null, and not described as nullable',
        witness: 'recorded replies are filled with null (wire.md 0), and so are the official examples (Workspaces_ListKeys)',
    },
    {
        name: 'the last page of subscriptions or tenants has no nextLink',
        covers: ({ operation, place, problem }) =>
            /^(Subscriptions|Tenants)_List$/.test(operation) && place === 'body /nextLink' && problem === 'must be string',
        witness: 'described as required, which no last page can keep (wire.md 3.1: null)',
    },
    {
        name: 'members of a workspace',
        covers: ({ operation, place, problem }) =>
            /^Workspaces_/.test(operation) &&
            problem === 'is not described' &&
            /\/(etag|creationTime|linkedModelInventoryArmId|sasGetterUri|sdkTelemetryAppInsightsKey|softDeleteEnabled)$/.test(place),
        witness: 'a recorded reply (wire.md 4)',
    },
    {
        name: 'the body that asks for a secret that expires',
        covers: ({ operation, side, place, problem }) =>
            operation === 'Datastores_ListSecrets' && side === 'request' && place === 'body' && problem === 'is not described',
        witness: 'the types of 2026-05-01 have it (SecretExpiry), and azure-ai-ml sends it; the description is of 2024-04-01',
    },
    {
        name: 'members of a run',
        covers: ({ operation, place, problem }) =>
            /^Runs_/.test(operation) &&
            problem === 'is not described' &&
            /\/(currentAttemptId|dataContainerId|compute\/(armId|instanceType|properties))$/.test(place),
        witness: 'a recorded reply (wire.md 0 and 9.2)',
    },
    {
        name: 'members of an error of the data plane',
        covers: ({ side, place, problem }) =>
            side === 'response' && problem === 'is not described' && /\/error\/debugInfo$/.test(place),
        witness: 'recorded replies (wire.md 3.3)',
    },
    {
        name: 'the property dataLocation of a metric',
        covers: ({ operation, place, problem }) =>
            /^Metric_/.test(operation) && problem === 'is not described' && /\/properties\/dataLocation$/.test(place),
        witness: 'a recorded reply (wire.md 11.1)',
    },
    {
        name: 'tags of an artifact',
        covers: ({ operation, place, problem }) =>
            /^Artifacts_/.test(operation) && problem === 'is not described' && /\/tags$/.test(place),
        witness: "the only description of this service is of 2019; run history's newer one has them for the same type",
    },
    {
        name: 'members of an error of the artifact service',
        covers: ({ operation, side, place, problem }) =>
            /^Artifacts_/.test(operation) &&
            side === 'response' &&
            problem === 'is not described' &&
            /^body \/(componentName|error\/(additionalInfo|detailsUri|messageFormat|messageParameters|referenceCode|severity))$/.test(place),
        witness: "the same: run history's newer description has them for all services of the data plane",
    },
    {
        name: 'dots in the names of curated environments',
        covers: ({ operation, place, problem }) =>
            /^RegistryEnvironment/.test(operation) && place === 'path environmentName' && /^must match pattern/.test(problem),
        witness: "Microsoft's own are named so: azureml://registries/azureml/environments/sklearn-1.5",
    },
    {
        name: 'members of a registry',
        covers: ({ operation, place, problem }) =>
            /^RegistryManagementNonWorkspace_/.test(operation) &&
            problem === 'is not described' &&
            /\/(registryId|registryFqdns|intellectualPropertyPublisher)$/.test(place),
        witness: 'a recorded reply (wire.md 7.1)',
    },
];
