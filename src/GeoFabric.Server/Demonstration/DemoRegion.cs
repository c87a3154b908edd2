using System.Diagnostics;
using System.Globalization;

namespace GeoFabric.Server.Demonstration;

/// <summary>One region of the demonstration: a server process that can be killed and started again.</summary>
internal sealed class DemoRegion(DemoPlace place, int port, int peerPort, string directory) : IAsyncDisposable
{
    private static readonly TimeSpan s_startMax = TimeSpan.FromSeconds(60);

    private Process? _process;
    private StreamWriter? _log;

    public DemoPlace Place => place;

    public string Name => place.Region;

    public string Url { get; } = $"http://127.0.0.1:{port}";

    /// <summary>Of the process that runs now, or ran last.</summary>
    public int ProcessId { get; private set; }

    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Data of this region alone.</summary>
    public string Directory => directory;

    public string LogFile => directory + ".log";

    private string JoinFile => directory + ".join";

    /// <summary>Starts the process and waits until it takes requests.</summary>
    /// <param name="admission">The join file's text, for the first start of a region that is not the home.</param>
    /// <exception cref="IOException">It ended instead; the message says why.</exception>
    public async Task StartAsync(string? admission, CancellationToken cancellationToken)
    {
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(directory)!);
        if (admission is not null)
            Cluster.ClusterFiles.WriteOwnerOnly(JoinFile, admission);
        await CloseAsync();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = Describe(), EnableRaisingEvents = true };
        _log = new StreamWriter(LogFile, append: true) { AutoFlush = true };
        var lines = new LogLines(_log, ready);
        process.OutputDataReceived += (_, line) => lines.Take(line.Data);
        process.ErrorDataReceived += (_, line) => lines.Take(line.Data);
        process.Exited += (_, _) => ready.TrySetException(new IOException($"region '{Name}' did not start: {lines.Last}"));
        _process = process;
        process.Start();
        ProcessId = process.Id;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        await ready.Task.WaitAsync(s_startMax, cancellationToken);
    }

    /// <summary>Ends when the process does, however that comes about.</summary>
    public Task WaitForEndAsync(CancellationToken cancellationToken) => _process?.WaitForExitAsync(cancellationToken) ?? Task.CompletedTask;

    /// <summary>What <c>kill -9</c> does: nothing of the process runs after it.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    /// <summary>The server stops by itself when its standard input ends.</summary>
    private async Task CloseAsync()
    {
        if (_process is { } process)
        {
            if (!process.HasExited)
            {
                process.StandardInput.Close();
                await process.WaitForExitAsync();
            }
            process.Dispose();
            _process = null;
        }
        if (_log is { } log)
            await log.DisposeAsync();
        _log = null;
    }

    private ProcessStartInfo Describe()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath ?? throw new IOException("this program does not know its own path"))
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["GEOFABRIC_ROOT_PASSWORD"] = DemoData.Password;
        // Started as `dotnet GeoFabric.Server.dll`, the program is the runtime, and its first argument is this assembly.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(DemoRegion).Assembly.Location);
        List<string> arguments =
        [
            "start", "--stop-with-stdin", "--allow-faults", "--region", Name, "--data", directory,
            "--port", port.ToString(CultureInfo.InvariantCulture), "--peer-port", peerPort.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (var other in DemoPlace.All.Where(other => other != place))
            arguments.AddRange(["--link-delay", string.Create(CultureInfo.InvariantCulture, $"{other.Region}={place.DelayTo(other)}")]);
        if (File.Exists(JoinFile))
            arguments.AddRange(["--join", JoinFile]);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        return start;
    }

    /// <summary>What the process says: into its log, and looked at for the line that says it is ready.</summary>
    private sealed class LogLines(StreamWriter log, TaskCompletionSource ready)
    {
        private readonly Lock _gate = new();

        public string Last { get; private set; } = "it said nothing";

        public void Take(string? line)
        {
            if (line is null)
                return;
            lock (_gate)
            {
                Last = line;
                log.WriteLine(line);
            }
            if (line.Contains("is ready at http", StringComparison.Ordinal))
                ready.TrySetResult();
        }
    }
}
