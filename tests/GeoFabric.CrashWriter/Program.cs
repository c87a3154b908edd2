using System.Globalization;
using GeoFabric.CrashWriter;
using Microsoft.Win32.SafeHandles;

// Usage: GeoFabric.CrashWriter <workload> <directory> <seed>. Writes until it is killed; every acknowledged write is a line on stdout.
Dictionary<string, Func<ICrashWorkload>> workloads = new(StringComparer.Ordinal)
{
    [StorageCrashWorkload.Name] = () => new StorageCrashWorkload(),
    [DocumentCrashWorkload.Name] = () => new DocumentCrashWorkload(),
};
// Not Console's stream, which ignores a closed pipe: this process must not outlive its parent.
using var acknowledgements = new AcknowledgementPipe(new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0));
await workloads[args[0]]().RunAsync(args[1], int.Parse(args[2], CultureInfo.InvariantCulture), acknowledgements);
