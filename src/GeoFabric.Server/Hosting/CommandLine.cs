using System.CommandLine;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Endpoints;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Hosting;

/// <summary>The commands of the executable.</summary>
public static class CommandLine
{
    /// <returns>0 when all went well, 1 for a failure, 2 for wrong usage, 3 for a data directory that cannot be used.</returns>
    public static Task<int> RunAsync(string[] arguments)
    {
        var root = new RootCommand("GeoFabric, a geo-distributed multi-model database server.") { StartCommand(), DemoCommand(), VersionCommand() };
        return root.Parse(arguments).InvokeAsync();
    }

    private static Command StartCommand()
    {
        var data = new Option<DirectoryInfo>("--data") { Description = "Directory of the data; made when it is missing.", DefaultValueFactory = _ => new DirectoryInfo("geofabric-data") };
        var port = new Option<int>("--port") { Description = "Port to listen on.", DefaultValueFactory = _ => ServerOptions.DefaultPort };
        var host = new Option<string>("--host") { Description = "Address to listen on.", DefaultValueFactory = _ => "127.0.0.1" };
        var password = new Option<string?>("--root-password") { Description = "Password of root at the first start; better given as GEOFABRIC_ROOT_PASSWORD, which no process list shows. Without either one is made up and printed once." };
        var region = new Option<string>("--region") { Description = "Name of this region.", DefaultValueFactory = _ => "local" };
        var command = new Command("start", "Start one server in the foreground.") { data, port, host, password, region };
        command.SetAction((parsed, cancellationToken) => StartAsync(new ServerOptions
        {
            DataDirectory = parsed.GetValue(data)!.FullName,
            Port = parsed.GetValue(port),
            Host = parsed.GetValue(host)!,
            RootPassword = parsed.GetValue(password) ?? Environment.GetEnvironmentVariable("GEOFABRIC_ROOT_PASSWORD"),
            Region = parsed.GetValue(region)!,
        }, cancellationToken));
        return command;
    }

    private static Command DemoCommand()
    {
        var port = new Option<int>("--port") { Description = "Port to listen on.", DefaultValueFactory = _ => ServerOptions.DefaultPort };
        var keep = new Option<bool>("--keep") { Description = "Keep the data in .geofabric/demo and go on with it the next time." };
        var command = new Command("demo", "Start a server with the address book in it.") { port, keep };
        command.SetAction((parsed, cancellationToken) => RunGuardedAsync(() => Demo.RunAsync(parsed.GetValue(port), parsed.GetValue(keep), cancellationToken)));
        return command;
    }

    private static Command VersionCommand()
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(_ => Console.Out.WriteLine(ServerEndpoints.Version));
        return command;
    }

    private static async Task<int> StartAsync(ServerOptions options, CancellationToken cancellationToken)
    {
        var problems = options.Problems();
        if (problems.Count > 0)
        {
            foreach (var problem in problems)
                await Console.Error.WriteLineAsync("geofabric: " + problem);
            return 2;
        }
        return await RunGuardedAsync(async () =>
        {
            await using var server = await ServerHost.StartAsync(options, TimeProvider.System, cancellationToken);
            await Console.Out.WriteLineAsync($"GeoFabric {ServerEndpoints.Version} is ready at {server.Url}   (data in {options.DataDirectory})");
            if (server.GeneratedPassword is { } password)
                await Console.Out.WriteLineAsync($"First start: user root of tenant _mm has the password  {password}   (printed only once)");
            await server.WaitForShutdownAsync(cancellationToken);
            await Console.Out.WriteLineAsync("GeoFabric has stopped.");
        });
    }

    private static async Task<int> RunGuardedAsync(Func<Task> action)
    {
        try
        {
            await action();
            return 0;
        }
        catch (GeoFabricException error)
        {
            await Console.Error.WriteLineAsync("geofabric: " + error.Message);
            return error.ErrorNumber is >= 1100 and < 1200 ? 3 : 1;
        }
        catch (IOException error)
        {
            await Console.Error.WriteLineAsync("geofabric: " + error.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }
}
