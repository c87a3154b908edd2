using System.CommandLine;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Endpoints;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Hosting;

/// <summary>The commands of the executable. Results go to standard output, talk goes to standard error.</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int WrongUsage = 2;
    private const int DataUnusable = 3;
    private const int AddressUnusable = 4;

    /// <returns>0 when all went well, 1 for a failure, 2 for wrong usage, 3 for a data directory and 4 for an address that cannot be used.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("GeoFabric, a geo-distributed multi-model database server.") { StartCommand(), DemoCommand(), VersionCommand() };
        var parsed = root.Parse(arguments);
        var status = await parsed.InvokeAsync();
        return parsed.Errors.Count > 0 ? WrongUsage : status;
    }

    private static Command StartCommand()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "Directory of the data; made when it is missing.", DefaultValueFactory = _ => new DirectoryInfo("geofabric-data") };
        var port = PortOption();
        var host = new Option<string>("--host") { Description = "Address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
        var password = new Option<string?>("--root-password")
        {
            Description = "Password of root at the first start. GEOFABRIC_ROOT_PASSWORD is the better way: no process list shows it. Without either, one is made up and printed once.",
        };
        var region = new Option<string>("--region") { Description = "Name of this region.", DefaultValueFactory = _ => "local" };
        var command = new Command("start", "Start one server in the foreground; Ctrl+C or SIGTERM stops it.") { data, port, host, password, region };
        command.SetAction((parsed, cancellationToken) => RunGuardedAsync(() => StartAsync(
            new ServerOptions
            {
                DataDirectory = parsed.GetValue(data)!.FullName,
                Port = parsed.GetValue(port),
                Host = parsed.GetValue(host)!,
                Region = parsed.GetValue(region)!,
                Login = new LoginOptions { RootPassword = parsed.GetValue(password) ?? Environment.GetEnvironmentVariable("GEOFABRIC_ROOT_PASSWORD") },
            },
            cancellationToken)));
        return command;
    }

    private static Command DemoCommand()
    {
        var port = PortOption();
        var data = new Option<DirectoryInfo>("--data") { Description = "Directory of the demo's data.", DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(".geofabric", "demo")) };
        var keep = new Option<bool>("--keep") { Description = "Go on with the data of the last demo instead of starting anew." };
        var command = new Command("demo", "Start a server with the address book in it; prints URLs, login, a token and curl lines.") { port, data, keep };
        command.SetAction((parsed, cancellationToken) => RunGuardedAsync(
            () => Demo.RunAsync(parsed.GetValue(port), parsed.GetValue(data)!.FullName, parsed.GetValue(keep), cancellationToken)));
        return command;
    }

    private static Command VersionCommand()
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(_ => Console.Out.WriteLine(ServerServices.Version));
        return command;
    }

    private static Option<int> PortOption() => new("--port") { Description = "Port to listen on; 0 takes any free one.", DefaultValueFactory = _ => ServerOptions.DefaultPort };

    private static async Task<int> StartAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        var problems = options.Problems();
        foreach (var problem in problems)
            await SayAsync(problem);
        if (problems.Count > 0)
            return WrongUsage;
        await using var server = await ServerHost.StartAsync(options, TimeProvider.System, cancellationToken);
        await Console.Out.WriteLineAsync($"GeoFabric {ServerServices.Version} is ready at {server.Url}   (data in {options.DataDirectory})");
        if (server.GeneratedPassword is { } password)
            await Console.Out.WriteLineAsync($"First start: user root of tenant _mm has the password  {password}   (printed only once)");
        await server.WaitForShutdownAsync(cancellationToken);
        await Console.Out.WriteLineAsync("GeoFabric has stopped.");
        return 0;
    }

    private static async Task<int> RunGuardedAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (GeoFabricException error)
        {
            await SayAsync(error.Message);
            return error.ErrorNumber is >= 1100 and < 1200 ? DataUnusable : Failed;
        }
        catch (IOException error)
        {
            await SayAsync(error.Message);
            return error.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException ? AddressUnusable : Failed;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    private static Task SayAsync(string message) => Console.Error.WriteLineAsync("geofabric: " + message);
}
