using System.CommandLine;
using System.Globalization;
using GeoFabric.Server.Demonstration;
using GeoFabric.Server.Endpoints;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Commands;

/// <summary><c>geofabric start</c>: one server in the foreground.</summary>
internal static class StartCommand
{
    private const string PasswordVariable = "GEOFABRIC_ROOT_PASSWORD";

    public static Command Create()
    {
        var data = CommandLine.DataOption("Directory of the data; made when it is missing.", "geofabric-data");
        var port = CommandLine.PortOption();
        var host = new Option<string>("--host") { Description = "Address to listen on.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
        var password = new Option<string?>("--root-password")
        {
            Description = $"Password of root at the first start. The variable {PasswordVariable} is the better way: no process list shows it. Without either, one is made up and printed once.",
            HelpName = "TEXT",
        };
        var region = new Option<string?>("--region") { Description = "Name of this region. The data directory keeps it; another name is refused from then on.", HelpName = "NAME" };
        var regionId = new Option<ushort?>("--region-id") { Description = "Number of this region, 1 to 65535, at the first start of a cluster's first region.", HelpName = "N" };
        var join = new Option<string?>("--join") { Description = "File of 'geofabric region add' that makes an empty data directory that of a region.", HelpName = "FILE" };
        var peerPort = new Option<int?>("--peer-port") { Description = $"Port for the other regions of a cluster, usually {PeerOptions.DefaultPort}; the first region that has one founds the cluster.", HelpName = "N" };
        var peerHost = new Option<string>("--peer-host") { Description = "Address to listen on for other regions.", HelpName = "ADDRESS", DefaultValueFactory = _ => "127.0.0.1" };
        var peerUrl = new Option<string?>("--peer-url") { Description = "Where other regions reach this one, if not at the address it listens on.", HelpName = "URL" };
        var publicUrl = new Option<string?>("--public-url") { Description = "Where clients reach this region, if not at the address it listens on.", HelpName = "URL" };
        var isPlain = new Option<bool>("--peer-plain") { Description = "No TLS between regions; on loopback only, for development." };
        var allowsFaults = new Option<bool>("--allow-faults") { Description = "Let root delay and cut the links to other regions, for demonstrations and tests." };
        var delays = new Option<string[]>("--link-delay")
        {
            Description = "With --allow-faults: everything leaves that many milliseconds later for a region, as in a wide area network. May be given once for each.",
            HelpName = "NAME=MS",
            DefaultValueFactory = _ => [],
        };
        delays.Validators.Add(result =>
        {
            foreach (var text in result.Tokens.Select(token => token.Value).Where(text => ParseDelay(text) is null))
                result.AddError($"--link-delay takes the name of a region and milliseconds, as in eu-west=40, not '{text}'");
        });
        var isSupervised = new Option<bool>("--stop-with-stdin") { Description = "Stop when standard input ends, for programs that start servers: no server outlives them." };
        var logHours = new Option<double>("--log-hours") { Description = "How long change records that all regions have are kept.", HelpName = "N", DefaultValueFactory = _ => 24 };
        var logLimit = new Option<long>("--log-limit")
        {
            Description = "Megabytes of change records a fabric keeps at most; a region that is later gets a snapshot.",
            HelpName = "N",
            DefaultValueFactory = _ => 8192,
        };
        var scanHelpers = new Option<int?>("--scan-helpers")
        {
            Description = "Threads that queries may use together, beside their own, to read big collections; 0 for none, all processors but one when not given.",
            HelpName = "N",
        };
        var label = new Option<string?>("--label") { Description = "What the console shows on every page, such as production, so that nobody takes one server for another.", HelpName = "TEXT" };
        var labelColor = new Option<string>("--label-color")
        {
            Description = $"Colour of the label: {string.Join(", ", EnvironmentMark.Colors)}.",
            HelpName = "COLOUR",
            DefaultValueFactory = _ => EnvironmentMark.DefaultColor,
        };
        var command = new Command("start", "Start one server in the foreground; Ctrl+C or SIGTERM stops it.")
        {
            data, port, host, password, region, regionId, join, peerPort, peerHost, peerUrl, publicUrl, isPlain, allowsFaults, delays, logHours, logLimit, scanHelpers, label, labelColor, isSupervised,
        };
        command.SetAction((parsed, cancellationToken) => CommandLine.RunGuardedAsync(() => RunAsync(
            new ServerOptions
            {
                DataDirectory = Path.GetFullPath(parsed.GetRequiredValue(data)),
                Port = parsed.GetValue(port),
                Host = parsed.GetRequiredValue(host),
                Region = parsed.GetValue(region),
                RegionId = parsed.GetValue(regionId),
                JoinFile = parsed.GetValue(join),
                ScanHelpersMax = parsed.GetValue(scanHelpers),
                PublicUrl = parsed.GetValue(publicUrl),
                Peers = parsed.GetValue(peerPort) is { } listen
                    ? new PeerOptions
                    {
                        Port = listen,
                        Host = parsed.GetRequiredValue(peerHost),
                        Url = parsed.GetValue(peerUrl),
                        IsPlain = parsed.GetValue(isPlain),
                        AllowsFaults = parsed.GetValue(allowsFaults),
                        LinkDelays = parsed.GetRequiredValue(delays).Select(text => ParseDelay(text)!.Value).ToDictionary(entry => entry.Region, entry => entry.Delay, StringComparer.Ordinal),
                        LogRetention = TimeSpan.FromHours(parsed.GetValue(logHours)),
                        LogBytesMax = parsed.GetValue(logLimit) << 20,
                    }
                    : null,
                Environment = new EnvironmentMark(parsed.GetValue(label)?.Trim() ?? "", parsed.GetRequiredValue(labelColor)),
                Login = new LoginOptions { RootPassword = parsed.GetValue(password) ?? PasswordOfEnvironment(), RootPasswordMade = Announce },
            },
            parsed.GetValue(isSupervised),
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, bool isSupervised, CancellationToken cancellationToken)
    {
        var problems = options.Problems();
        foreach (var problem in problems)
            await CommandLine.SayAsync(problem);
        if (problems.Count > 0)
            return CommandLine.WrongUsage;
        await using (var server = await ServerHost.StartAsync(options, TimeProvider.System, cancellationToken))
        {
            await Console.Out.WriteLineAsync($"GeoFabric {ServerServices.Version} is ready at {server.Url}   (data in {options.DataDirectory})");
            using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (isSupervised)
                _ = StopWithInputAsync(stop);
            await server.WaitForShutdownAsync(stop.Token);
        }
        await Console.Out.WriteLineAsync("GeoFabric has stopped.");
        return 0;
    }

    /// <summary>Printed as soon as it is stored: if the server cannot listen after that, the next start will not print it again.</summary>
    private static void Announce(string password) =>
        Console.Out.WriteLine($"First start: user root of tenant _mm has the password  {Terminal.Standard.Bold(password)}   (printed only once)");

    private static async Task StopWithInputAsync(CancellationTokenSource stop)
    {
        var input = Console.OpenStandardInput();
        var buffer = new byte[64];
        while (await input.ReadAsync(buffer, CancellationToken.None) > 0)
        {
            // Only its end says something.
        }
        try
        {
            await stop.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The server stops already.
        }
    }

    private static (string Region, TimeSpan Delay)? ParseDelay(string text) =>
        text.Split('=') is [{ Length: > 0 } region, var delay] && int.TryParse(delay, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            ? (region, TimeSpan.FromMilliseconds(milliseconds))
            : null;

    private static string? PasswordOfEnvironment() => Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } password ? password : null;
}
