using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>Signals that .NET does not send itself.</summary>
internal static partial class ProcessSignal
{
    private const int Continue = 18;
    private const int Stop = 19;

    /// <summary>Holds a process as it is; its connections stay open.</summary>
    public static void Freeze(Process process) => Send(process, Stop);

    public static void Thaw(Process process) => Send(process, Continue);

    private static void Send(Process process, int signal)
    {
        if (Kill(process.Id, signal) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError(), $"signal {signal} could not be sent to process {process.Id}");
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int process, int signal);
}
