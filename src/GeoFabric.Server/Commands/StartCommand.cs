using System.CommandLine;
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
        var region = new Option<string>("--region") { Description = "Name of this region.", HelpName = "NAME", DefaultValueFactory = _ => "local" };
        var command = new Command("start", "Start one server in the foreground; Ctrl+C or SIGTERM stops it.") { data, port, host, password, region };
        command.SetAction((parsed, cancellationToken) => CommandLine.RunGuardedAsync(() => RunAsync(
            new ServerOptions
            {
                DataDirectory = Path.GetFullPath(parsed.GetRequiredValue(data)),
                Port = parsed.GetValue(port),
                Host = parsed.GetRequiredValue(host),
                Region = parsed.GetRequiredValue(region),
                Login = new LoginOptions { RootPassword = parsed.GetValue(password) ?? PasswordOfEnvironment(), RootPasswordMade = Announce },
            },
            cancellationToken)));
        return command;
    }

    private static async Task<int> RunAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        var problems = options.Problems();
        foreach (var problem in problems)
            await CommandLine.SayAsync(problem);
        if (problems.Count > 0)
            return CommandLine.WrongUsage;
        await using (var server = await ServerHost.StartAsync(options, TimeProvider.System, cancellationToken))
        {
            await Console.Out.WriteLineAsync($"GeoFabric {ServerServices.Version} is ready at {server.Url}   (data in {options.DataDirectory})");
            await server.WaitForShutdownAsync(cancellationToken);
        }
        await Console.Out.WriteLineAsync("GeoFabric has stopped.");
        return 0;
    }

    /// <summary>Printed as soon as it is stored: if the server cannot listen after that, the next start will not print it again.</summary>
    private static void Announce(string password) =>
        Console.Out.WriteLine($"First start: user root of tenant _mm has the password  {Terminal.Standard.Bold(password)}   (printed only once)");

    private static string? PasswordOfEnvironment() => Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } password ? password : null;
}
