using System.CommandLine;
using GeoFabric.Database;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Demonstration;

namespace GeoFabric.Server.Commands;

/// <summary><c>geofabric demo</c>: three regions with the address book in them and lines to paste, or a script that plays on them.</summary>
internal static class DemoCommand
{
    private static readonly TimeSpan s_restartAfter = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        var port = CommandLine.PortOption();
        var data = CommandLine.DataOption("Directory of the data. The default one is begun anew at every start; one given here keeps what is in it.", Path.Combine(".geofabric", "demo"));
        var keep = new Option<bool>("--keep") { Description = "Go on with the data of the last demo." };
        var noRestart = new Option<bool>("--no-restart") { Description = $"Leave a region that was killed as it is; otherwise it starts again after {s_restartAfter.TotalSeconds:F0} seconds." };
        var script = new Option<string?>("--script")
        {
            Description = "Play and assert a story on regions of its own, then end: " + string.Join(" or ", DemoScript.All.Keys) + ".",
            HelpName = "NAME",
        };
        script.AcceptOnlyFromAmong([.. DemoScript.All.Keys]);
        var command = new Command("demo", "Start three regions with the address book in them; prints URLs, login, a token and lines to paste.") { port, data, keep, noRestart, script };
        command.SetAction((parsed, cancellationToken) => CommandLine.RunGuardedAsync(() => parsed.GetValue(script) is { } name
            ? PlayAsync(name, cancellationToken)
            : RunAsync(
                Path.GetFullPath(parsed.GetRequiredValue(data)),
                parsed.GetValue(port),
                isAnew: !parsed.GetValue(keep) && parsed.GetResult(data) is null or { Implicit: true },
                restarts: !parsed.GetValue(noRestart),
                cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(string directory, int port, bool isAnew, bool restarts, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        if (isAnew)
            await DeleteAsync(directory, cancellationToken);
        await using (var cluster = await DemoCluster.StartAsync(directory, port, clock, cancellationToken))
        {
            var home = cluster.ClientOf(cluster.Regions[0]);
            await DemoData.LoadAsync(home, cancellationToken);
            await cluster.WaitForDataAsync(cancellationToken);
            await Console.Out.WriteAsync(DemoText.Describe(Terminal.Standard, cluster.Regions, home.Token!, directory, isAnew, restarts, clock.GetElapsedTime(started)));
            await Task.WhenAll(cluster.Regions.Select(region => WatchAsync(cluster, region, restarts, clock, cancellationToken)));
        }
        await Console.Out.WriteLineAsync("GeoFabric has stopped.");
        return 0;
    }

    /// <summary>Says when a region ends, and starts it again.</summary>
    private static async Task WatchAsync(DemoCluster cluster, DemoRegion region, bool restarts, TimeProvider clock, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await region.WaitForEndAsync(cancellationToken);
                cancellationToken.ThrowIfCancellationRequested();
                await Console.Out.WriteLineAsync($"{region.Name} has ended{(restarts ? $"; it starts again in {s_restartAfter.TotalSeconds:F0} s" : "")}");
                if (!restarts)
                    return;
                await Task.Delay(s_restartAfter, clock, cancellationToken);
                var began = clock.GetTimestamp();
                await cluster.RestartAsync(region, cancellationToken);
                await Console.Out.WriteLineAsync(FormattableString.Invariant(
                    $"{region.Name} serves clients again, as process {region.ProcessId}, {clock.GetElapsedTime(began).TotalSeconds:F1} s after its start"));
            }
        }
        catch (OperationCanceledException)
        {
            // The demonstration ends.
        }
    }

    private static async Task<int> PlayAsync(string name, CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var directory = Directory.CreateTempSubdirectory("geofabric-demo-");
        var narrator = new DemoNarrator(Terminal.Standard, Console.Out, clock);
        try
        {
            await narrator.StepAsync("Three regions start: us-east (home), eu-west, ap-southeast; one-way delays 35, 108 and 87 ms");
            await using var cluster = await DemoCluster.StartAsync(directory.FullName, port: 0, clock, cancellationToken);
            await DemoScript.All[name](cluster, narrator, clock).RunAsync(cancellationToken);
            await Console.Out.WriteLineAsync($"\nscript {name}: all {narrator.Checks} checks hold");
            return 0;
        }
        catch (DemoFailure failure)
        {
            await Console.Out.WriteLineAsync($"\nscript {name} FAILED: {failure.Message}");
            return 1;
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    /// <summary>Deletes the data of the last demo, unless one is running on it.</summary>
    private static async Task DeleteAsync(string directory, CancellationToken cancellationToken)
    {
        if (!Directory.Exists(directory))
            return;
        foreach (var place in DemoPlace.All.Select(place => Path.Combine(directory, place.Region)).Where(Directory.Exists))
        {
            try
            {
                await using var databases = await DatabaseHost.OpenAsync(new DatabaseOptions { DataDirectory = place }, TimeProvider.System, cancellationToken);
            }
            catch (GeoFabricException error) when (error.Code == ErrorCodes.DataDirectoryUnusable)
            {
                // Damaged, or of another version: one more reason to begin anew.
            }
        }
        Directory.Delete(directory, recursive: true);
    }
}
