using System.Text;

namespace GeoFabric.CrashWriter;

/// <summary>Tells the parent what a client would have been told. A line that has left the process survives its death.</summary>
public sealed class AcknowledgementPipe(Stream output) : IDisposable
{
    /// <summary>The line that says that the load begins.</summary>
    public const string ReadyLine = "ready";

    private readonly Lock _lock = new();

    public void Ready() => Acknowledge(ReadyLine);

    /// <summary>Call it after the write's task has ended, with whatever the verification needs to find the write again.</summary>
    public void Acknowledge(string line)
    {
        var bytes = Encoding.UTF8.GetBytes(line + "\n");
        lock (_lock)
            output.Write(bytes);
    }

    public void Dispose() => output.Dispose();
}
