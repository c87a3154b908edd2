using System.Diagnostics;
using System.Globalization;

namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>A region's server in a process of its own, which is killed and started again on the same data.</summary>
internal sealed class RegionProcess(string name, string directory, int port, int peerPort) : IAsyncDisposable
{
    private readonly string _logPath = Path.Combine(directory, name + ".log");
    private readonly Lock _gate = new();
    private StreamWriter? _log;
    private Process? _process;
    private bool _isFrozen;
    private string? _complaint;

    public string Name => name;

    public int PeerPort => peerPort;

    public string DataDirectory { get; } = Path.Combine(directory, name);

    /// <summary>Holds what the process takes for the time that has passed since the true one: "+1.5", "-0.3".</summary>
    public string ClockPath { get; } = Path.Combine(directory, name + ".clock");

    public string JoinPath { get; } = Path.Combine(directory, name + ".join");

    public Uri Url { get; } = new($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");

    /// <summary>Null, or what was wrong when the process ended without being told to.</summary>
    public string? Complaint => _complaint ?? (_process is { HasExited: true } process ? $"{name} ended by itself with exit code {process.ExitCode}" : null);

    public void Start()
    {
        var isJoining = File.Exists(JoinPath);
        string[] place = isJoining ? ["--join", JoinPath] : ["--region", name];
        var start = new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "GeoFabric.Server"),
            ["start", .. place, "--data", DataDirectory, "--port", Text(port), "--peer-port", Text(peerPort), "--allow-faults"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory,
        };
        start.Environment["GEOFABRIC_ROOT_PASSWORD"] = ChaosCluster.Password;
        if (ClockFault.LibraryPath is { } library)
        {
            File.WriteAllText(ClockPath, "+0");
            start.Environment["LD_PRELOAD"] = library;
            start.Environment["FAKETIME_TIMESTAMP_FILE"] = ClockPath;
            start.Environment["FAKETIME_CACHE_DURATION"] = "1";
            // Only the time of day moves. The library would otherwise turn waits by the monotonic clock into ones that end at once.
            start.Environment["FAKETIME_DONT_FAKE_MONOTONIC"] = "1";
            start.Environment["FAKETIME_FORCE_MONOTONIC_FIX"] = "0";
        }
        lock (_gate)
            _log ??= new StreamWriter(_logPath) { AutoFlush = true };
        _process = Process.Start(start)!;
        _process.OutputDataReceived += Write;
        _process.ErrorDataReceived += Write;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>The end that nothing can prepare for.</summary>
    public async Task KillAsync()
    {
        if (_process is not { } process)
            return;
        _complaint = Complaint;
        _process = null;
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }

    public void Freeze()
    {
        _isFrozen = true;
        ProcessSignal.Freeze(_process!);
    }

    public void Thaw()
    {
        if (_isFrozen && _process is { HasExited: false } process)
            ProcessSignal.Thaw(process);
        _isFrozen = false;
    }

    public string LastLines(int count) => File.Exists(_logPath) ? string.Join('\n', File.ReadAllLines(_logPath).TakeLast(count)) : "";

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        lock (_gate)
        {
            _log?.Dispose();
            _log = null;
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private void Write(object sender, DataReceivedEventArgs line)
    {
        lock (_gate)
        {
            if (line.Data is not null)
                _log?.WriteLine(line.Data);
        }
    }
}
