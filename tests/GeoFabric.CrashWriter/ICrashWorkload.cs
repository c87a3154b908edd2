namespace GeoFabric.CrashWriter;

/// <summary>Writes to a data directory until the process is killed. The same directory comes back with what the killed one left.</summary>
public interface ICrashWorkload
{
    /// <summary>Opens the directory, calls <see cref="AcknowledgementPipe.Ready"/>, and writes without end.</summary>
    Task RunAsync(string directoryPath, int seed, AcknowledgementPipe acknowledgements);
}
