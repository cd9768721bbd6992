import { patternMaxLength } from '../../base/pattern.js';
import { paramValueMaxLength } from '../../contract/params.js';
import { nameLimits, scheduleDefaults, serviceDefaults } from '../defaults.js';
import { label, owner } from '../definitions.js';
import { forms } from '../forms.js';
import { byField, flag, formed, integer, list, map, object, oneOf, text, use, type Schema } from '../json-schema.js';

const argument = (description: string): Schema => ({ description, type: 'string', maxLength: 4096 });
const modelName = text('Name of the model, for records and the manifest.', 128, { examples: ['fraud'] });
const modelVersion = text('Version of the model, in quotes.', 64, { examples: ['1.4'] });

const override = (what: string): Schema =>
  list(`Folders that a request may choose ${what}; each is a folder of a connection.`, use('OverrideRule', 'A folder of a connection.'), { max: 64 });

const webhook = object('Jobs that are started by a signed request.', [], {
  enabled: flag('Whether requests may start the service.', serviceDefaults.webhookEnabled),
  callers: list(
    'Callers of the Platform that may start the service. Default: all that the Platform lets call it.',
    use('Reference', 'Name of a caller.'),
    {
      max: 256,
    },
  ),
  overrides: use('Overrides', 'What a request may change.'),
  listener: oneOf(
    "Which EventListener takes the requests. shared: the team's. dedicated: one of the service's own, named like it, with a pod and a path of its own: /TEAM/SERVICE/api/v1/batch/job.",
    ['shared', 'dedicated'],
    {
      default: serviceDefaults.listener,
    },
  ),
});

const schedule = object('A time at which a job starts.', ['name', 'cron'], {
  name: label(`Name of the schedule, unique in the service. At most ${String(nameLimits.schedule)} characters.`, nameLimits.schedule),
  cron: text('Five cron fields: minute, hour, day of month, month, day of week.', 256, { examples: ['0 2 * * *'] }),
  timeZone: text('Time zone of the cron fields and of {date}, by its IANA name.', 64, {
    default: scheduleDefaults.timeZone,
    examples: ['Europe/Berlin'],
  }),
  suspend: flag('Start no jobs for now.', scheduleDefaults.suspend),
  request: use('ScheduleRequest', 'What the started jobs change.'),
});

const arrivalEvent = object('Arrival of data that starts a job.', ['name', 'caller'], {
  name: label(`Name of the event, unique in the service. At most ${String(nameLimits.event)} characters.`, nameLimits.event),
  caller: use('Reference', 'Caller of the Platform that sends the events of the store.', { examples: ['landing'] }),
  dataSource: use(
    'OverrideRule',
    "Where data arrives: the folder in which the marker lies, there or below, is what the job reads. Default: the service's own folder.",
  ),
  marker: formed(
    'Name of the object that is written last and says that its folder is complete. No other object starts a job.',
    forms.markerName,
    128,
    {
      default: serviceDefaults.marker,
    },
  ),
});

const dates = '{date} is filled with the day for which the job starts, {date-1d} with the day before, and so on up to {date-366d}';

export const serviceDefinitions = {
  RemoteModelSource: object('A model that lies in a store.', ['connection', 'path'], {
    connection: use('Reference', 'Connection to the store.', { examples: ['models'] }),
    path: use('ObjectPath', 'Where the model lies: a folder (ends in "/") or one archive (.zip, .tar.gz, .tar).', {
      examples: ['fraud/1.4/model.tar.gz'],
    }),
    name: text(`${modelName.description} Default: what the model's own odahuflow.project.yaml says.`, 128, { examples: ['fraud'] }),
    version: text(`${modelVersion.description} Default: likewise.`, 64, { examples: ['1.4'] }),
    sha256: formed(
      "SHA-256 of the archive, or of the list of a folder's files; a run with another one fails. Default: not compared.",
      forms.sha256,
      64,
    ),
  }),
  EmbeddedModelSource: object('A model that is part of the image.', ['imagePath', 'name', 'version'], {
    imagePath: text('Absolute path of the model inside the image.', 1024, { examples: ['/opt/app/model'] }),
    name: modelName,
    version: modelVersion,
  }),
  ModelSource: byField('The model: in a store, or part of the image.', 'imagePath', 'EmbeddedModelSource', 'RemoteModelSource'),
  DataSource: object('Where the input lies, if the request does not say otherwise.', ['connection'], {
    connection: use('Reference', 'Connection to the store.', { examples: ['raw'] }),
    path: use('ObjectPath', 'Folder (ends in "/") or one object. Default: the connection\'s defaultPath.', { examples: ['fraud/in/'] }),
    include: list(
      "Which files belong to the input, in rclone's filter syntax.",
      text('A filter pattern.', 512),
      { min: 1, max: 32 },
      {
        default: serviceDefaults.include,
      },
    ),
    allowEmpty: flag('Whether a run without input is a success rather than an error.', serviceDefaults.allowEmpty),
  }),
  OutputDestination: object('Where the results go, if the request does not say otherwise.', ['connection'], {
    connection: use('Reference', 'Connection to the store.', { examples: ['results'] }),
    path: use('ObjectPath', 'Folder (ends in "/"); {jobId} and {requestId} are filled per run. Default: the connection\'s defaultPath.', {
      examples: ['fraud/out/'],
    }),
    layout: oneOf('exact: into the folder itself. perJob: into a folder below it that is named like the job.', ['exact', 'perJob'], {
      default: serviceDefaults.layout,
    }),
  }),
  OverrideRule: object('A folder of a connection.', ['connection', 'prefix'], {
    connection: use('Reference', 'Connection to the store.', { examples: ['raw'] }),
    prefix: use('ObjectPath', 'Folder counted from the bucket\'s root; ends in "/", which alone is the whole bucket.', { examples: ['fraud/'] }),
  }),
  Overrides: object(
    "What a request may change. Default: a dataSource below the service's own path, nothing else. Required for what the service leaves open.",
    [],
    {
      dataSource: override('as the source of its data'),
      outputDestination: override('for its results'),
      nodePools: list(
        "Node pools that a request may choose beside the service's own; all with as many labels in their nodeSelector, and the same tolerations, runtimeClass and gpuResource.",
        use('Reference', 'Name of a node pool of the Platform.'),
        { max: 16 },
        { examples: [['gpu-a100', 'gpu-h100']] },
      ),
      resources: object('Upper bounds of what a request may ask for; what is left out it may not ask for.', [], {
        cpu: use('Quantity', 'CPU.', { examples: ['8'] }),
        memory: use('Quantity', 'Memory.', { examples: ['32Gi'] }),
        gpu: integer("GPUs, of the node pool's gpuResource.", 0, 64, { examples: [1] }),
      }),
    },
  ),
  Schedule: schedule,
  ScheduleRequest: object('What the jobs of a schedule change, as a request does. Required for what the service leaves open.', [], {
    params: map(
      "Values of the service's params.",
      { type: 'string', pattern: forms.paramName.pattern, maxLength: 63 },
      { description: 'The value, as text that matches the pattern of the param.', type: 'string', maxLength: paramValueMaxLength },
      16,
      { default: {}, examples: [{ threshold: '0.7' }] },
    ),
    dataSource: object('Where the input of the jobs lies.', ['path'], {
      connection: use('Reference', "Connection to the store. Default: the service's own."),
      path: use('ObjectPath', `Folder (ends in "/") or one object; ${dates}.`, { examples: ['fraud/in/{date-1d}/'] }),
    }),
    outputDestination: object('Where the results of the jobs go.', ['path'], {
      connection: use('Reference', "Connection to the store. Default: the service's own."),
      path: use('ObjectPath', `Folder (ends in "/"); ${dates}; {jobId} and {requestId} are filled per run.`, { examples: ['fraud/out/{date}/'] }),
    }),
    nodePool: use('Reference', "Node pool of the Platform that the jobs run on, of the shape of the service's own. Default: the service's own.", {
      examples: ['gpu-h100'],
    }),
    resources: use('ScheduleResources', "What the predictor of the jobs gets. Default: the service's own."),
  }),
  ScheduleResources: object(
    'What the predictor of the jobs gets. What is given as a request or as a limit counts as both, unless both are given.',
    [],
    {
      requests: object('What is set aside for the predictor.', [], {
        cpu: use('Quantity', 'CPU.', { examples: ['4'] }),
        memory: use('Quantity', 'Memory.', { examples: ['16Gi'] }),
      }),
      limits: object('What the predictor may use at most.', [], {
        cpu: use('Quantity', 'CPU.', { examples: ['4'] }),
        memory: use('Quantity', 'Memory.', { examples: ['16Gi'] }),
        gpu: integer("GPUs, of the node pool's gpuResource.", 0, 64, { examples: [1] }),
      }),
    },
  ),
  ArrivalEvent: arrivalEvent,
  Param: object('A value that a request may set.', ['default', 'pattern'], {
    default: {
      description: `What the predictor gets where a request does not say otherwise; printable ASCII without "$", '"' and "\\".`,
      type: 'string',
      maxLength: paramValueMaxLength,
      examples: ['0.5'],
    },
    pattern: text(
      'What every value must match as a whole: a regular expression from ^ to $, of ASCII, without look-around and back references.',
      patternMaxLength,
      { examples: ['^0\\.[0-9]+$', '^(low|high)$'] },
    ),
  }),
  Resources: object('What the predictor gets.', [], {
    requests: object('What is set aside for the predictor.', [], {
      cpu: use('Quantity', 'CPU.', { default: serviceDefaults.resources.requests.cpu }),
      memory: use('Quantity', 'Memory. Default: the memory limit where there is one, otherwise 2Gi.', { examples: ['8Gi'] }),
    }),
    limits: object('What the predictor may use at most.', [], {
      cpu: use('Quantity', 'CPU. Default: no limit.', { examples: ['4'] }),
      memory: use('Quantity', 'Memory. Default: what is requested.', { examples: ['8Gi'] }),
      gpu: integer("GPUs, of the node pool's gpuResource.", 0, 64, { default: serviceDefaults.resources.gpu }),
    }),
  }),
  InferenceServiceSpec: object('A predictor, its model, and where its data comes from and goes to.', ['image', 'command', 'modelSource'], {
    owner,
    description: text('What the service is for, in one sentence.', 1024, { examples: ['Scores card transactions'] }),
    serviceId: formed("What a request calls the service; unique in the namespace. Default: the service's name.", forms.serviceId, 128, {
      examples: ['fraud-scorer-v2'],
    }),
    image: use('Image', "The predictor's image, from one of the team's registries.", {
      examples: ['registry.example.com/risk/fraud:1.4.2@sha256:…'],
    }),
    command: list(
      'The program and its first arguments; the entrypoint of the image is never used.',
      argument('A word of the command line.'),
      { min: 1, max: 64 },
      {
        examples: [['python']],
      },
    ),
    args: list(
      "Further arguments. $(…) only for the names of the predictor's environment, for example $(ODAHU_MODEL).",
      argument('An argument.'),
      { max: 256 },
      { default: [], examples: [['/opt/app/predictor.py', '--model', '$(ODAHU_MODEL)']] },
    ),
    env: map(
      'Environment of the predictor. Names beginning with ODAHU_, MILLRACE_, RCLONE_, AWS_, AZURE_, GOOGLE_ or KUBERNETES_, and HOME, are reserved. No secrets.',
      { type: 'string', pattern: forms.environmentName.pattern, maxLength: 128 },
      { description: 'The value, as text.', type: 'string', maxLength: 4096 },
      128,
      { default: {}, examples: [{ LOG_LEVEL: 'info' }] },
    ),
    params: map(
      'Values that a request may set; the predictor gets each as MILLRACE_PARAM_<NAME>, in upper case. No secrets.',
      { type: 'string', pattern: forms.paramName.pattern, maxLength: 63 },
      use('Param', 'A value that a request may set.'),
      16,
      { default: {}, examples: [{ threshold: { default: '0.5', pattern: '^0\\.[0-9]+$' } }] },
    ),
    modelSource: use('ModelSource', 'The model: in a store, or part of the image.'),
    dataSource: use('DataSource', 'Where the input lies. Left out: a request must give it.'),
    outputDestination: use('OutputDestination', 'Where the results go. Left out: a request must give it.'),
    triggers: object('What starts jobs.', [], {
      webhook,
      schedules: list('Times at which jobs start.', use('Schedule', 'A time at which a job starts.'), { max: 64 }),
      events: list('Arrival of data that starts jobs.', use('ArrivalEvent', 'Arrival of data that starts a job.'), { max: 16 }),
    }),
    validation: use('Validation', 'How request and response files are checked.'),
    feedback: use('Feedback', 'Which records of requests and responses a run leaves behind.'),
    resources: use('Resources', 'What the predictor gets.'),
    nodePool: use('Reference', 'Node pool of the Platform that jobs run on. Default: any node.', { examples: ['gpu-a100'] }),
    queue: use('Reference', 'Queue of the Platform that jobs wait in. Default: none.', { examples: ['batch'] }),
    storage: use('Storage', "Sizes of a run's volumes."),
    transfers: use('Transfers', 'How data is moved.'),
    timeout: use('Duration', 'Time for the predictor.', { default: serviceDefaults.timeout }),
    timeouts: use('Timeouts', 'Time for the parts of a run around the predictor.'),
    retries: integer('How often a failed run is started again.', 0, 10, { default: serviceDefaults.retries }),
  }),
} satisfies Record<string, Schema>;
