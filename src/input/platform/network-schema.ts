import { platformDefaults } from '../defaults.js';
import { byTag, list, object, text, use, type Schema } from '../json-schema.js';

const addresses = (description: string, example: string): Schema =>
  list(description, text('Addresses in CIDR form: 10.0.0.0/8, or one address: 198.51.100.7/32.', 49), { max: 256 }, { examples: [[example]] });

const mode = (value: string): Schema => ({ description: 'How the walls are made.', type: 'string', const: value });

const shared = {
  requestsFrom: use(
    'RequestsFrom',
    'Where requests to the listeners come from. Required as soon as there are callers: nothing else reaches a listener.',
  ),
  tektonNamespace: use('Label', 'Namespace that Tekton Triggers runs in.', {
    examples: [platformDefaults.tektonNamespace.kubernetes],
  }),
};

/** What jobs and listeners may reach, and who reaches the listeners. */
export const networkDefinitions = {
  Network: byTag(
    'What jobs and listeners may reach, and who reaches the listeners. Left out: no NetworkPolicies.',
    'mode',
    'cidrs: NetworkPolicies with the addresses given here. cilium: CiliumNetworkPolicies with the host names of the stores. open: none.',
    { cidrs: 'CidrsNetwork', cilium: 'CiliumNetwork', open: 'OpenNetwork' },
  ),
  CidrsNetwork: object('NetworkPolicies of Kubernetes, which know addresses only.', ['mode', 'apiServer'], {
    mode: mode('cidrs'),
    apiServer: {
      ...addresses('Addresses of the API server, as `kubectl get endpoints kubernetes` shows them.', '198.51.100.7/32'),
      minItems: 1,
    },
    dns: addresses("Addresses of name servers besides the cluster's own DNS pods: those of a NodeLocal DNSCache, for example.", '169.254.20.10/32'),
    endpoints: object('Addresses of what jobs reach outside the cluster. Services of the cluster need none.', [], {
      s3: addresses('Of the S3 stores.', '0.0.0.0/0'),
      gcs: addresses('Of Google Cloud Storage and its token service.', '199.36.153.8/30'),
      azureblob: addresses('Of Azure Blob Storage.', '0.0.0.0/0'),
      feedback: addresses('Of the feedback sink.', '198.51.100.24/32'),
    }),
    ...shared,
  }),
  CiliumNetwork: object('CiliumNetworkPolicies, which know host names.', ['mode'], { mode: mode('cilium'), ...shared }),
  OpenNetwork: object('No policies: every pod reaches every other, and the internet.', ['mode'], { mode: mode('open') }),
  RequestsFrom: {
    ...object('Who reaches the listeners.', [], {
      namespaces: list(
        'Namespaces whose pods do: that of the ingress controller or gateway, and of callers inside the cluster.',
        use('Label', 'Name of a namespace.'),
        { min: 1, max: 64 },
        { examples: [['ingress-nginx']] },
      ),
      addresses: {
        ...addresses('Addresses that do: of load balancers, or of ingress controllers in the network of their node.', '10.0.0.0/24'),
        minItems: 1,
      },
    }),
    minProperties: 1,
  },
} satisfies Record<string, Schema>;
