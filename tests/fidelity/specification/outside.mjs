// @ts-check
// Operations of ours that the folder's descriptions do not have, each with the reason. An exchange
// that neither a description nor a line of this table knows fails the check.

/**
 * @typedef {object} Outside
 * @property {string} name
 * @property {RegExp} at method and path
 * @property {string} reason why no description of it is checked, and what stands in
 */

const workspace = String.raw`/subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.MachineLearningServices/workspaces/[^/]+`;

/** @param {string} source @returns {RegExp} */
const path = (source) => new RegExp(`^${source}$`, 'i');

/** @type {readonly Outside[]} */
export const outside = [
    {
        name: 'Sign-in: tokens, device code, OpenID configuration',
        at: path(String.raw`(GET|POST) /[^/]+(/v2\.0)?/(oauth2/(v2\.0/)?(token|devicecode|authorize)|(v2\.0/)?\.well-known/openid-configuration)`),
        reason: 'Entra ID publishes OAuth and OpenID metadata, no OpenAPI; official clients sign in here in the suite clients',
    },
    {
        name: 'Sign-in: page, keys and sessions of the person',
        at: path(String.raw`(GET|POST) /(devicelogin|v1\.0/me/.*|[^/]+/discovery/.*|common/.*)`),
        reason: 'the browser half of the sign-in, which no program of ours calls in Azure',
    },
    {
        name: 'Sign-in: identity of a machine in Azure',
        at: path('GET /(msi/token|metadata/identity/oauth2/token)'),
        reason: 'the endpoints of managed identities have documentation, no OpenAPI (wire.md 1.3)',
    },
    {
        name: 'Sign-in: application and its credentials',
        at: path(String.raw`(PATCH|POST) /v1\.0/applications/[^/]+(/federatedIdentityCredentials)?`),
        reason: 'Microsoft Graph, which only the tests call, to register certificates and issuers',
    },
    {
        name: 'Access: permissions of the caller',
        at: path(`GET ${workspace}/providers/Microsoft\\.Authorization/permissions`),
        reason: 'the description of Microsoft.Authorization is not in the folder',
    },
    {
        name: 'Resources: what a workspace depends on',
        at: path(String.raw`(GET|DELETE) /subscriptions/[^/]+/resourceGroups/[^/]+/providers/Microsoft\.(Storage/storageAccounts|KeyVault/vaults|Insights/components|OperationalInsights/workspaces|ContainerRegistry/registries)/[^/]+`),
        reason: 'the descriptions of these providers are not in the folder; azure-ai-ml reads and deletes them in the suite clients',
    },
    {
        name: 'Emulator: what it has given out',
        at: path('GET /emulator/issued'),
        reason: "the emulator's own, asked by the search for leaked secrets",
    },
    {
        name: 'Cloud: metadata/endpoints',
        at: path('GET /metadata/endpoints'),
        reason: 'ARM has it without a published description',
    },
    {
        name: 'Workspace: discovery of the data plane',
        at: path('GET /discovery(/.*)?'),
        reason: 'no description is published; shape from recorded traffic (wire.md 3.2)',
    },
    {
        name: 'Long-running operations: result by Location',
        at: path(String.raw`GET /subscriptions/[^/]+/providers/[^/]+/locations/[^/]+/(mfeOperationResults|workspaceOperationsStatus|computeOperationResults)/[^/]+`),
        reason: 'an address the service gives; its shape is the resource or nothing (wire.md 3.5)',
    },
    {
        name: 'Long-running operations: status of a deployment',
        at: path(String.raw`GET /subscriptions/[^/]+/resourcegroups/[^/]+/providers/Microsoft\.Resources/deployments/[^/]+/operationStatuses/[^/]+`),
        reason: 'an address the service gives (wire.md 3.5 and 4.1)',
    },
    {
        name: 'Metrics: lastvalues',
        at: path(`POST /metric/v2\\.0${workspace}/runs/[^/]+/lastvalues`),
        reason: 'the service has it, its published description does not (wire.md 11.1)',
    },
    {
        name: 'Metrics: batchsync',
        at: path(`POST /metric/v2\\.0${workspace}/runs/[^/]+/batchsync`),
        reason: 'the service has it, its published description does not (wire.md 11.1)',
    },
    {
        name: 'Metrics: wait until what was sent can be read',
        at: path(`GET /history/v1\\.0${workspace}/experiments/[^/]+/runs/[^/]+/metricsingest/wait`),
        reason: 'azureml-core asks so in flush(); no description has it',
    },
    {
        name: 'MLflow API',
        at: path(
            `(GET|POST|PUT|PATCH|DELETE) (/mlflow/(v\\d\\.0|local)${workspace})?/api/[23]\\.0/(preview/)?(mlflow|mlflow-artifacts)/.*`,
        ),
        reason: 'MLflow publishes no OpenAPI; its own client is run in the suite clients',
    },
    {
        name: 'Run history: runs:query of a workspace',
        at: path(`POST /history/v1\\.0${workspace}/runs:query`),
        reason: 'the service has it, its published description only the ones of an experiment',
    },
    {
        name: 'Artifacts: origin, container and path as parts of the address',
        at: path(
            `(GET|POST) /artifact/v2\\.0${workspace}/artifacts/(batch/metadata|contentinfo|prefix/contentinfo)/ExperimentRun/[^/]+(/.*)?`,
        ),
        reason: 'azureml-core asks so; the description of 2019 has the same with the path as a parameter',
    },
    {
        name: 'Blob storage',
        // By path, or by a host of its own with the container first.
        at: path(String.raw`(GET|HEAD|PUT|DELETE) /(aml[0-9a-f]{20}|[a-z0-9]+storage[a-z0-9]+|azureml|azureml-blobstore-[0-9a-f-]+)(/.*)?`),
        reason: 'its description is not in the folder; checked with Azurite and @azure/storage-blob instead',
    },
    {
        name: 'Studio pages',
        at: path('GET (/|/favicon.ico|/(runs|experiments|home|compute)(/.*)?)'),
        reason: 'pages for people',
    },
];

/**
 * Addresses that a description has at another place: with another prefix, and as another api-version where `version` is.
 * @type {readonly { prefix: string, described: string, version?: string, reason: string }[]}
 */
export const moved = [
    {
        prefix: '/modelmanagement/v1.0/',
        described: '/modelregistry/v1.0/',
        reason: 'the name by which azureml-core calls the service of models',
    },
    {
        prefix: '/mferp/managementfrontend/',
        described: '/',
        version: '2021-10-01-dataplanepreview',
        reason: "the registry's own front end has the operations of ARM below this prefix (wire.md 7.1)",
    },
];
