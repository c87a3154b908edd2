namespace GeoFabric.Cluster.Tests.Crash;

/// <summary>A workload of the crash writer, and what must be true of a directory it was killed in.</summary>
/// <param name="Workload">The name that the crash writer's Program knows it by.</param>
/// <param name="VerifyAsync">
/// Opens the directory after a kill, throws when anything is wrong, and closes it again. Gets every line acknowledged since the
/// directory was new, over all kills so far.
/// </param>
internal sealed record CrashScenario(string Workload, Func<string, IReadOnlyList<string>, Task> VerifyAsync);
