import { error } from '../define.js';

export const sourceCatalogue = {
};
