using System.Diagnostics;
using System.Globalization;
using System.Text;
using GeoFabric.CrashWriter;

namespace GeoFabric.Cluster.Tests.Crash;

/// <summary>Starts the crash writer on a directory, kills it at a random instant, verifies, and goes on with what is left.</summary>
/// <remarks>
/// Most kills come 1 to 900 ms after the load has begun, shorter ones more often, since they cost less time. Some come within the
/// first 150 ms of the process, to meet the creation and the opening of the files.
/// </remarks>
internal sealed class CrashLoop(CrashScenario scenario, Action<string> log)
{
    private const int Reports = 20;
    private const int KillsPerReportMax = 100;
    private const int KillsPerDirectory = 8;
    private const int DefaultKills = 200;

    /// <summary>Kills wanted of this run, from GEOFABRIC_CRASH_KILLS.</summary>
    public static int KillsFromEnvironment =>
        int.TryParse(Environment.GetEnvironmentVariable("GEOFABRIC_CRASH_KILLS"), NumberStyles.None, CultureInfo.InvariantCulture, out var kills)
            ? kills
            : DefaultKills;

    /// <summary>Runs the wanted number of kills, several directories at a time. A failure names its seed and keeps its directory.</summary>
    public async Task<CrashFigures> RunAsync(int kills, int seed, CancellationToken cancellationToken)
    {
        var figures = new CrashFigures(Math.Clamp(kills / Reports, 1, KillsPerReportMax));
        var directories = (kills + KillsPerDirectory - 1) / KillsPerDirectory;
        var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(2, Environment.ProcessorCount), CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, directories, options, async (index, token) =>
            await RunDirectoryAsync(Math.Min(KillsPerDirectory, kills - (index * KillsPerDirectory)), seed + index, figures, token));
        return figures;
    }

    private async Task RunDirectoryAsync(int kills, int seed, CrashFigures figures, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        var directoryPath = Path.Combine(Directory.CreateTempSubdirectory("geofabric-crash-").FullName, "data");
        var acknowledged = new List<string>();
        for (var kill = 0; kill < kills; kill++)
        {
            try
            {
                var before = acknowledged.Count;
                await KillOnceAsync(directoryPath, random, acknowledged, cancellationToken);
                await scenario.VerifyAsync(directoryPath, acknowledged);
                if (figures.AddKill(acknowledged.Count - before))
                    log($"{scenario.Workload}: {figures.Kills} kills, {figures.Acknowledgements} acknowledged writes verified so far");
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                log($"workload {scenario.Workload}, seed {seed}, kill {kill} of {kills}, directory {directoryPath}: {failure.Message}");
                throw;
            }
        }
        Directory.Delete(Path.GetDirectoryName(directoryPath)!, recursive: true);
    }

    private async Task KillOnceAsync(string directoryPath, Random random, List<string> acknowledged, CancellationToken cancellationToken)
    {
        var isEarly = random.Next(6) == 0;
        var delay = isEarly ? TimeSpan.FromMilliseconds(random.Next(150)) : TimeSpan.FromMilliseconds(1 + (899 * Math.Pow(random.NextDouble(), 2)));
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(
            Path.Combine(AppContext.BaseDirectory, "GeoFabric.CrashWriter"),
            [scenario.Workload, directoryPath, random.Next().ToString(CultureInfo.InvariantCulture)])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reading = ReadAcknowledgementsAsync(process.StandardOutput.BaseStream, ready, acknowledged);
        var complaint = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            if (!isEarly)
                await Task.WhenAny(ready.Task, reading).WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
            else
                delay -= Stopwatch.GetElapsedTime(start);
            if (delay > TimeSpan.Zero)
                await Task.Delay(delay, cancellationToken);
        }
        finally
        {
            process.Kill();
        }
        await process.WaitForExitAsync(CancellationToken.None);
        await reading;
        var text = await complaint;
        Assert.True(text.Length == 0, $"the crash writer failed: {text}");
    }

    /// <summary>Reads lines until the process is gone. A last line that was cut is no acknowledgement.</summary>
    private static async Task ReadAcknowledgementsAsync(Stream output, TaskCompletionSource ready, List<string> acknowledged)
    {
        var pending = new StringBuilder();
        var buffer = new byte[8192];
        int count;
        while ((count = await output.ReadAsync(buffer)) > 0)
        {
            foreach (var character in Encoding.UTF8.GetString(buffer, 0, count))
            {
                if (character != '\n')
                {
                    pending.Append(character);
                    continue;
                }
                var line = pending.ToString();
                pending.Clear();
                if (line == AcknowledgementPipe.ReadyLine)
                    ready.TrySetResult();
                else
                    acknowledged.Add(line);
            }
        }
    }
}

/// <summary>What a run has done, to see that it was a test at all.</summary>
/// <param name="killsPerReport">Kills after which it is time for a line.</param>
internal sealed class CrashFigures(int killsPerReport)
{
    private int _kills;
    private int _acknowledgements;

    public int Kills => _kills;

    public int Acknowledgements => _acknowledgements;

    /// <summary>Counts a kill that was verified.</summary>
    /// <returns>Whether it is time for a report.</returns>
    public bool AddKill(int acknowledgements)
    {
        Interlocked.Add(ref _acknowledgements, acknowledgements);
        return Interlocked.Increment(ref _kills) % killsPerReport == 0;
    }
}
