/**
 * Words that YAML 1.1 and 1.2 read differently: other booleans, octal and binary numbers, numbers with `_`, base 60
 * (`12:30`), dates, and the merge key.
 */
const ambiguous = new RegExp(
  `^(?:${[
    'y|Y|yes|Yes|YES|n|N|no|No|NO|on|On|ON|off|Off|OFF',
    '<<',
    // 0777: octal in 1.1, decimal in 1.2; 0o17 the other way round
    '[-+]?0[0-9]+|0o[0-7]+',
    '[-+]?0b[01_]+|[-+]0x[0-9a-fA-F_]+|0x[0-9a-fA-F]*_[0-9a-fA-F_]*',
    '[-+]?(?=[^_]*_)(?:[0-9][0-9_]*(?:\\.[0-9_]*)?|\\.[0-9_]+)(?:[eE][-+]?[0-9]+)?',
    '[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\\.[0-9_]*)?',
    '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[Tt]|[ \\t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\\.[0-9]+)?(?:[ \\t]*(?:Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?',
  ].join('|')})$`,
);

/** No word of them is longer than this, and a file may hold one very long line. */
const longest = 64;

/** Whether a plain scalar means one thing here and another to a reader of YAML 1.1. */
export const isAmbiguous = (plain: string): boolean => plain.length <= longest && ambiguous.test(plain);
