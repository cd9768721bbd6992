/** How long the path of an outputDestination becomes when a run starts, which no definition knows exactly. */
import { splitPlaceholders, type Placeholder } from '../base/object-path.js';
import { requestIdMaxLength } from './request-id.js';

/** The name of a run is `<service>--<requestId>` or shorter, and fits a label. */
const jobIdMaxLength = 63;

/** What a placeholder becomes at most. */
export const placeholderMaxLength: Readonly<Record<Placeholder, number>> = { jobId: jobIdMaxLength, requestId: requestIdMaxLength };

/** What `layout: perJob` adds at most: `<jobId>/`. */
export const jobFolderMaxLength = jobIdMaxLength + 1;

/** How long the path is at most when its placeholders are replaced. */
export const filledMaxLength = (path: string): number =>
  splitPlaceholders(path).reduce((sum, piece) => sum + ('text' in piece ? piece.text.length : placeholderMaxLength[piece.placeholder]), 0);
