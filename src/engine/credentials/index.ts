/** Secrets that a config names: where they are found, and how they are kept out of what is told. */
export { awsSettings, type AwsCredentials, type AwsSettings } from './aws';
export { Credentials, resolvedHeaders, type CredentialsOptions, type Environment, type Found } from './credentials';
export { expiryOf } from './expiry';
export { HUGGING_FACE, huggingFaceToken, type ToolSecret } from './huggingFace';
export { osKeyring, type Keyring } from './keyring';
export { redact, redacted, remember } from './redact';
