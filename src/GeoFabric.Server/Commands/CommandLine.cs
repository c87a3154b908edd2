using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Endpoints;
using GeoFabric.Server.Options;
using Microsoft.AspNetCore.Connections;

namespace GeoFabric.Server.Commands;

/// <summary>The commands of the executable. Results go to standard output, talk goes to standard error.</summary>
internal static class CommandLine
{
    /// <summary>What users type, whatever the file behind it is called.</summary>
    private const string Name = "geofabric";

    /// <summary>Exit code of what went wrong, or was found wrong.</summary>
    public const int Failed = 1;

    private const int DataUnusable = 3;
    private const int AddressUnusable = 4;

    /// <summary>Longer than the web server waits for open requests, so that a stop is never cut short.</summary>
    private static readonly TimeSpan StopTimeMax = TimeSpan.FromSeconds(30);

    /// <summary>Exit code of wrong options.</summary>
    public const int WrongUsage = 2;

    /// <returns>0 when all went well, 1 for a failure, 2 for wrong usage, 3 for a data directory and 4 for an address that cannot be used.</returns>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var root = new Command(Name, "GeoFabric, a multi-model database server.")
        {
            StartCommand.Create(), DemoCommand.Create(), RegionCommand.Create(), QueryCommand.Create(), CheckCommand.Create(), VersionCommand(), new HelpOption(), new VersionOption { Action = new PrintVersionAction() },
        };
        // No response files: a password may begin with '@'.
        var parsed = root.Parse(arguments.Length == 0 ? ["--help"] : arguments, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count == 0)
            return await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = StopTimeMax });
        foreach (var error in parsed.Errors)
            await SayAsync(error.Message);
        await SayAsync($"'{PathOf(parsed.CommandResult)} --help' says what can be given");
        return WrongUsage;
    }

    public static Option<int> PortOption() => new("--port")
    {
        Description = "Port to listen on; 0 takes any free one.",
        HelpName = "N",
        DefaultValueFactory = _ => ServerOptions.DefaultPort,
        CustomParser = result =>
        {
            if (int.TryParse(result.Tokens[0].Value, System.Globalization.CultureInfo.InvariantCulture, out var port) && port is >= 0 and <= 65535)
                return port;
            result.AddError($"--port takes a number from 0 to 65535, not '{result.Tokens[0].Value}'");
            return 0;
        },
    };

    public static Option<string> DataOption(string description, string defaultPath)
    {
        var data = new Option<string>("--data") { Description = description, HelpName = "DIR", DefaultValueFactory = _ => defaultPath };
        data.Validators.Add(result =>
        {
            if (string.IsNullOrWhiteSpace(result.GetValueOrDefault<string>()))
                result.AddError("--data takes the path of a directory, not an empty text");
        });
        return data;
    }

    /// <summary>Runs a command and turns what a user can cause into one line and an exit code.</summary>
    public static async Task<int> RunGuardedAsync(Func<Task<int>> action)
    {
        try
        {
            return await action();
        }
        catch (GeoFabricException error)
        {
            await SayAsync(error.Message);
            if (error.Code == ErrorCodes.DataDirectoryLocked)
                await SayAsync("another server runs on this data; stop it, or give another directory with --data");
            return error.ErrorNumber is >= 1100 and < 1200 ? DataUnusable : Failed;
        }
        catch (IOException error) when (error.InnerException is SocketException or AddressInUseException)
        {
            await SayAsync($"{error.Message.TrimEnd('.')}; give another port with --port, or another address with --host");
            return AddressUnusable;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            await SayAsync(error.Message);
            return Failed;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
    }

    public static Task SayAsync(string message) => Console.Error.WriteLineAsync($"{Name}: {message}");

    private static string PathOf(SymbolResult? result) => result is CommandResult { Parent: { } parent } command ? $"{PathOf(parent)} {command.Command.Name}" : Name;

    private static Command VersionCommand()
    {
        var command = new Command("version", "Print the version.");
        command.SetAction(_ => Console.Out.WriteLine(ServerServices.Version));
        return command;
    }

    private sealed class PrintVersionAction : System.CommandLine.Invocation.SynchronousCommandLineAction
    {
        public override int Invoke(ParseResult parseResult)
        {
            Console.Out.WriteLine(ServerServices.Version);
            return 0;
        }
    }
}
