/** How the network is reached, where whoever starts the engine knows more of it than the environment says. */
export interface NetworkSettings {
  /** Address of the proxy, which may bear a name and a password. Empty: none; absent: as the environment says. */
  readonly proxy?: string;
  /** What is sent to the proxy as `Proxy-Authorization`. */
  readonly proxyAuthorization?: string;
  /** Hosts that are asked without a proxy, in the form of `NO_PROXY`; absent: as the environment says. */
  readonly noProxy?: string;
  /** False: nobody's certificate is looked at. */
  readonly strictSSL?: boolean;
  /** Whether the authorities that the system trusts are trusted too. */
  readonly systemCertificates?: boolean;
}
