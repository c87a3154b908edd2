using System.Globalization;
using GeoFabric.CrashWriter;
using Microsoft.Win32.SafeHandles;

// Usage: GeoFabric.CrashWriter <workload> <directory> <seed>. Writes until it is killed; every acknowledged write is a line on stdout.
ICrashWorkload workload = args[0] switch
{
    StorageCrashWorkload.Name => new StorageCrashWorkload(),
    DocumentCrashWorkload.Name => new DocumentCrashWorkload(),
    _ => throw new ArgumentException($"There is no workload '{args[0]}'."),
};
// Not Console's stream, which ignores a closed pipe: this process must not outlive its parent.
using var acknowledgements = new AcknowledgementPipe(new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0));
await workload.RunAsync(args[1], int.Parse(args[2], CultureInfo.InvariantCulture), acknowledgements);
