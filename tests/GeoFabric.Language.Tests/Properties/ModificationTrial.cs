using System.Text;
using GeoFabric.Language.Tests.Properties.Reference;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>
/// One query that changes documents: as written on the fabric without indexes, with some plan on the one with indexes, and on the reference. All
/// must give the same rows, and leave the same documents behind.
/// </summary>
internal static class ModificationTrial
{
    /// <returns>The oracle that does not agree, and how; null when all do. After a difference the databases have no more to say about each other.</returns>
    public static async Task<(string Oracle, string Difference)?> RunAsync(ComparedDatabases databases, GeneratedQuery query)
    {
        var random = new Random(query.Seed);
        var rule = RuleSchedule.Rules[random.Next(RuleSchedule.Rules.Count)].Name;
        string[] rules = random.Next(2) == 0 ? [] : ["-" + rule];
        var expected = await databases.Plain.RunAsync(query.Text, query.BindVars, rules: "-all");
        var actual = await databases.Indexed.RunAsync(query.Text, query.BindVars, random.Next(3) == 0 ? 1 : 1000, rules);
        if (OutcomeDifference.Find(expected, actual, query.IsOrdered, !query.HasLimit, isExact: true) is { } difference)
            return ("all rules and indexes", difference);
        var isKnown = TryRunReference(databases, query, expected, out var other);
        if (other is not null)
            return ("reference", other);
        foreach (var collection in databases.Data.Collections)
        {
            var contents = await databases.Plain.ContentsAsync(collection.Name);
            if (OutcomeDifference.Find(contents, await databases.Indexed.ContentsAsync(collection.Name), isOrdered: true, compareWarnings: true, isExact: true) is { } left)
                return ("all rules and indexes", $"left in {collection.Name}: {left}");
            if (!isKnown)
                databases.Reference.Target(collection.Name).Reset(contents.Rows);
            else if (OutcomeDifference.Find(databases.Reference.Contents(collection.Name), contents, isOrdered: true, compareWarnings: false, isExact: true) is { } wrong)
                return ("reference", $"left in {collection.Name}: {wrong}");
        }
        return null;
    }

    /// <returns>Whether the reference knows everything the query uses.</returns>
    private static bool TryRunReference(ComparedDatabases databases, GeneratedQuery query, QueryOutcome expected, out string? difference)
    {
        difference = null;
        // A query that fails leaves nothing behind, whatever it failed at; checks before the first row are not the reference's.
        if (expected.Error is >= 1500 and not (1504 or 1563))
            return true;
        try
        {
            var data = databases.Reference.Copy();
            var outcome = ReferenceEvaluator.Run(QueryParser.Parse(query.Text), JsonValueReader.Parse(Encoding.UTF8.GetBytes(query.BindVars)), data);
            if (outcome.Error == 0)
                databases.Reference = data;
            difference = OutcomeDifference.Find(outcome, expected, query.IsOrdered, !query.HasLimit, isExact: true);
            return true;
        }
        catch (NotSupportedException)
        {
            return false;
        }
    }
}
