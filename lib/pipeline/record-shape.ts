import { isHash } from './canonical.ts';

/**
 * Whether a value that a file held is a StoreRecord, down to what its fields are used for: a hash in it becomes
 * a path, so it must be a hash. A checksum does not tell, since whoever wrote the file wrote that too.
 */
export function isRecordShaped(value: unknown): boolean {
  if (!isMap(value)) return false;
  const { format, fingerprint, instance, fields, sources, outputs, log, seconds } = value;
  return (
    typeof format === 'number' &&
    typeof fingerprint === 'string' &&
    typeof instance === 'string' &&
    areFields(fields) &&
    isMapOf(sources, isText) &&
    isMapOf(outputs, isObject) &&
    sameKeys(outputs, fields['writes']) &&
    Array.isArray(log) &&
    log.every(isText) &&
    typeof seconds === 'number'
  );
}

function areFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    isMap(value) &&
    typeof value['format'] === 'number' &&
    isHash(value['code']) &&
    isMapOf(value['writes'], isText) &&
    isMapOf(
      value['parts'],
      (part) => isMap(part) && isText(part['choice']) && isHash(part['code']),
    ) &&
    isMapOf(value['packages'], isText) &&
    isMapOf(value['tools'], isText) &&
    isMap(value['params']) &&
    isMapOf(value['content'], isHash) &&
    isMapOf(value['each'], isNumber) &&
    isMapOf(value['inputs'], (inputs) => Array.isArray(inputs) && inputs.every(isInput)) &&
    (value['upstream'] === undefined || areStages(value['upstream'])) &&
    (value['versions'] === undefined || isMapOf(value['versions'], isText))
  );
}

function areStages(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every((stage) => isMap(stage) && isText(stage['name']) && isMap(stage['params']))
  );
}

function isInput(value: unknown): boolean {
  return isMap(value) && isHash(value['sha256']) && isMapOf(value['each'], isNumber);
}

function isObject(value: unknown): boolean {
  return isMap(value) && isHash(value['sha256']) && Number.isSafeInteger(value['bytes']);
}

function sameKeys(a: unknown, b: unknown): boolean {
  return (
    isMap(a) && isMap(b) && Object.keys(a).sort().join('\n') === Object.keys(b).sort().join('\n')
  );
}

function isMapOf(value: unknown, is: (member: unknown) => boolean): boolean {
  return isMap(value) && Object.values(value).every(is);
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}
