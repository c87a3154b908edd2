using System.Globalization;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>
/// Generated queries over generated data give the same whatever the plan: with all rules and with none, with indexes and without, in one page and
/// in pages of one row. LANGUAGE_QUERIES sets how many queries of each kind are tried, LANGUAGE_SEED where they start.
/// </summary>
public sealed class OptimizerPropertyTests
{
    private const int QueriesPerDatabase = 40;

    private static readonly int Queries = Setting("LANGUAGE_QUERIES", 1500);
    private static readonly int FirstSeed = Setting("LANGUAGE_SEED", 1);

    [Fact]
    public async Task Reading_queries_give_the_same_rows_with_every_plan()
    {
        var failures = new List<string>();
        for (var seed = FirstSeed; seed < FirstSeed + Queries && failures.Count < 10;)
        {
            var data = new GeneratedData(seed);
            await using var indexed = await GeneratedDatabase.CreateAsync(data, withIndexes: true);
            await using var plain = await GeneratedDatabase.CreateAsync(data, withIndexes: false);
            for (var i = 0; i < QueriesPerDatabase; i++, seed++)
                await CheckReadingAsync(seed, indexed, plain, failures);
        }
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    [Fact]
    public async Task Modifying_queries_leave_the_same_documents_with_every_plan()
    {
        var failures = new List<string>();
        for (var seed = FirstSeed; seed < FirstSeed + (Queries / 4) && failures.Count < 10;)
        {
            var data = new GeneratedData(seed);
            await using var indexed = await GeneratedDatabase.CreateAsync(data, withIndexes: true);
            await using var plain = await GeneratedDatabase.CreateAsync(data.WithUniqueIndexesOnly(), withIndexes: true);
            // After a difference the two databases have no more to say about each other.
            var isSame = true;
            for (var i = 0; i < QueriesPerDatabase && isSame; i++, seed++)
                isSame = await CheckModifyingAsync(seed, indexed, plain, failures);
        }
        Assert.True(failures.Count == 0, string.Join("\n\n", failures));
    }

    private static async Task CheckReadingAsync(int seed, GeneratedDatabase indexed, GeneratedDatabase plain, List<string> failures)
    {
        var query = QueryGenerator.Make(seed);
        var expected = await plain.RunAsync(query.Text, query.BindVars, rules: "-all");
        // Errors end a query before or after other errors could; only whether there is one is fixed.
        Compare("rules, no indexes", await plain.RunAsync(query.Text, query.BindVars));
        Compare("no rules, indexes", await indexed.RunAsync(query.Text, query.BindVars, rules: "-all"));
        Compare("rules and indexes", await indexed.RunAsync(query.Text, query.BindVars));
        Compare("rules and indexes, pages of one row", await indexed.RunAsync(query.Text, query.BindVars, batchSize: 1));

        void Compare(string how, QueryOutcome actual)
        {
            if (Difference(expected, actual, query.IsOrdered, !query.HasLimit) is { } difference)
                failures.Add($"seed {seed}, {how}: {difference}\n{query.Text}\n{query.BindVars}");
        }
    }

    private static async Task<bool> CheckModifyingAsync(int seed, GeneratedDatabase indexed, GeneratedDatabase plain, List<string> failures)
    {
        var query = ModificationGenerator.Make(seed);
        var expected = await plain.RunAsync(query.Text, query.BindVars, rules: "-all");
        var actual = await indexed.RunAsync(query.Text, query.BindVars);
        var difference = Difference(expected, actual, query.IsOrdered, !query.HasLimit)
            ?? Difference(await plain.ContentsAsync(), await indexed.ContentsAsync(), isOrdered: true, compareWarnings: true);
        if (difference is null)
            return true;
        failures.Add($"seed {seed}: {difference}\n{query.Text}\n{query.BindVars}");
        return false;
    }

    /// <summary>What is different, or null. Values are compared as the language compares them.</summary>
    private static string? Difference(QueryOutcome expected, QueryOutcome actual, bool isOrdered, bool compareWarnings)
    {
        if (expected.Error != actual.Error)
            return $"error {expected.Error} {expected.Message} became {actual.Error} {actual.Message}";
        if (compareWarnings && expected.Warnings != actual.Warnings)
            return $"warnings [{expected.Warnings}] became [{actual.Warnings}]";
        var left = Ordered(expected.Rows, isOrdered);
        var right = Ordered(actual.Rows, isOrdered);
        for (var i = 0; i < Math.Max(left.Count, right.Count); i++)
        {
            if (i >= left.Count || i >= right.Count || !ValueComparer.Equal(left[i], right[i]))
                return $"{left.Count} rows became {right.Count}; row {i}: {(i < left.Count ? left[i] : "none")} became {(i < right.Count ? right[i] : "none")}";
        }
        return null;
    }

    private static IReadOnlyList<Value> Ordered(IReadOnlyList<Value> rows, bool isOrdered) =>
        isOrdered ? rows : [.. rows.Order(Comparer<Value>.Create(ValueComparer.Compare))];

    private static int Setting(string name, int defaultValue) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : defaultValue;
}
