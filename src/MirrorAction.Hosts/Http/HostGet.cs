namespace MirrorAction.Hosts.Http;

/// <summary>Reads something of a host by the one send path.</summary>
/// <param name="owner">Whose it is: a host may have credentials for each owner.</param>
/// <param name="path">Path and query below the REST interface's address.</param>
/// <param name="cancellationToken">Ends the call.</param>
/// <exception cref="HostException">The host refused, or could not be reached.</exception>
internal delegate Task<HostAnswer> HostGet(string owner, string path, CancellationToken cancellationToken);
