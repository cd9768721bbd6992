/**
 * millrace as a library: constructs for cdk8s apps, and the compiler without a command line.
 *
 * @packageDocumentation
 */
export { compile, type CompileInput, type CompileResult, type RuntimeBundle } from './compile.js';
export { DiagnosticsError } from './constructs/diagnostics-error.js';
export { InferenceService, type InferenceServiceProps } from './constructs/inference-service.js';
export { ManifestObject } from './constructs/manifest-object.js';
export type { Named, WithNamed } from './constructs/named.js';
export { PlatformNamespace, type PlatformNamespaceProps } from './constructs/platform-namespace.js';
export type { DiagnosticCode } from './diagnostics/catalogue.js';
export { isSpan, type Diagnostic, type Place, type Related, type Severity, type Span, type Where } from './diagnostics/diagnostic.js';
export type { OutputFile } from './emit/output-file.js';
export type { ConnectionSpec, InferenceServiceSpec, PlatformSpec, TeamSpec } from './input/generated/types.js';
export type { Manifest, ObjectMeta } from './manifests/manifest.js';
export type { NamespaceModel, ServiceModel } from './model/model.js';
export { memoryFileSystem, type DirectoryEntry, type FileContent, type FileSystem } from './source/file-system.js';
