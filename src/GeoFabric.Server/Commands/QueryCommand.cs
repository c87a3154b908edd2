using System.CommandLine;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Server.Commands;

/// <summary><c>geofabric query --format</c>: lays the text of a query out over lines. Needs no server.</summary>
internal static class QueryCommand
{
    public static Command Create()
    {
        var text = new Argument<string?>("text") { Description = "The query; read from standard input when it is not given.", Arity = ArgumentArity.ZeroOrOne };
        var format = new Option<bool>("--format") { Description = "Print the query with one operation on a line. Comments are kept.", Required = true };
        var command = new Command("query", "Work on the text of a query.") { text, format };
        command.SetAction((parsed, cancellationToken) => CommandLine.RunGuardedAsync(async () =>
        {
            var query = parsed.GetValue(text) ?? await Console.In.ReadToEndAsync(cancellationToken);
            await Console.Out.WriteAsync(QueryFormatter.Format(query));
            return 0;
        }));
        return command;
    }
}
