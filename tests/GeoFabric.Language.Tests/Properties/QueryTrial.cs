using System.Text;
using GeoFabric.Language.Tests.Properties.Reference;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Optimizer;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>One reading query against all oracles. What is expected is the plan as written, without rules and without indexes.</summary>
internal sealed class QueryTrial
{
    /// <summary>So many of the oracles are asked about every query.</summary>
    private const int OraclesAlways = 2;

    /// <summary>What gives one of several equal values.</summary>
    private static readonly string[] GivesOneOfEqual = ["DISTINCT", "COLLECT", "WINDOW"];

    /// <summary>Errors of rows. Others are found before any row is read, by checks that the reference does not have.</summary>
    private static readonly int[] RowErrors = [1504, 1563];

    private readonly ComparedDatabases _databases;
    private readonly GeneratedQuery _query;
    private readonly QuerySyntax? _syntax;
    private readonly Random _random;
    private readonly QueryOutcome _expected;
    private readonly bool _isExact;

    private QueryTrial(ComparedDatabases databases, GeneratedQuery query, QueryOutcome expected)
    {
        _databases = databases;
        _query = query;
        _expected = expected;
        _syntax = Parse(query.Text);
        _random = new Random(query.Seed);
        _isExact = !GivesOneOfEqual.Any(word => query.Text.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>Every way to find a mistake, by the name it is reported with.</summary>
    public static IReadOnlyList<(string Name, Func<QueryTrial, Task<string?>> Check)> Oracles { get; } =
    [
        ("reference", trial => Task.FromResult(trial.CheckReference())),
        ("all rules and indexes", trial => trial.CompareAsync(trial._databases.Indexed)),
        ("printed and parsed again", trial => trial.CheckPrintingAsync()),
        ("all rules", trial => trial.CompareAsync(trial._databases.Plain)),
        ("one rule off", trial => trial.CheckOneRuleOffAsync()),
        ("one index", trial => trial.CheckOneIndexAsync()),
        ("several threads", trial => trial.CompareThreadsAsync()),
        ("pages of one row", trial => trial.CompareAsync(trial._databases.Indexed, batchSize: 1)),
        ("condition, its opposite and null", trial => trial.CheckPartitionAsync()),
    ];

    public static async Task<QueryTrial> StartAsync(ComparedDatabases databases, GeneratedQuery query) =>
        new(databases, query, await databases.Plain.RunAsync(query.Text, query.BindVars, rules: "-all"));

    /// <summary>Whether the query says nothing because of a mistake of its own.</summary>
    public bool IsRefused => _expected.Error != 0 && !RowErrors.Contains(_expected.Error);

    public int Error => _expected.Error;

    public string Message => _expected.Message;

    /// <summary>Whether the reference does not know something the query uses.</summary>
    public bool IsUnknown { get; private set; }

    public bool HasRows => _expected.Rows.Count > 0;

    /// <summary>
    /// Asks the first oracles of the list and one of the others, which the seed chooses: a processor finds more with other queries than with more
    /// oracles for the same one.
    /// </summary>
    /// <param name="only">The one to ask instead.</param>
    /// <returns>The oracle that does not agree, and how; null when all do.</returns>
    public async Task<(string Oracle, string Difference)?> RunAsync(string? only = null)
    {
        var chosen = OraclesAlways + ((_query.Seed / 7) % (Oracles.Count - OraclesAlways));
        for (var i = 0; i < Oracles.Count; i++)
        {
            var (name, check) = Oracles[i];
            if ((only is null ? i < OraclesAlways || i == chosen : name == only) && await check(this) is { } difference)
                return (name, difference);
        }
        return null;
    }

    private static QuerySyntax? Parse(string text)
    {
        try
        {
            return QueryParser.Parse(text);
        }
        catch (GeoFabricException)
        {
            return null;
        }
    }

    /// <summary>The printed query is printed the same again, and gives the same.</summary>
    private async Task<string?> CheckPrintingAsync()
    {
        if (_syntax is null)
            return null;
        var printed = SyntaxPrinter.Print(_syntax);
        if (Parse(printed) is not { } again)
            return $"printed as {printed}, which is no query";
        if (SyntaxPrinter.Print(again) is var twice && twice != printed)
            return $"printed as {printed}, then as {twice}";
        return await CompareAsync(_databases.Plain, text: printed, rules: "-all") is { } difference ? $"printed as {printed}: {difference}" : null;
    }

    private string? CheckReference()
    {
        if (_syntax is null || IsRefused)
            return null;
        try
        {
            var actual = ReferenceEvaluator.Run(_syntax, JsonValueReader.Parse(Encoding.UTF8.GetBytes(_query.BindVars)), _databases.Reference);
            // Which of several errors comes first, and whether a LIMIT ends the query before it, is not fixed.
            if (actual.Error != _expected.Error && _query.HasLimit)
                return null;
            // How often a frame that moves warns of a value it keeps is up to the engine.
            return OutcomeDifference.Find(actual, _expected, _query.IsOrdered, !_query.HasLimit && !_query.Text.Contains("WINDOW", StringComparison.Ordinal), _isExact);
        }
        catch (NotSupportedException)
        {
            IsUnknown = true;
            return null;
        }
    }

    private async Task<string?> CompareAsync(GeneratedDatabase database, int batchSize = 1000, string? text = null, params string[] rules)
    {
        var actual = await database.RunAsync(text ?? _query.Text, _query.BindVars, batchSize, rules);
        // Whether an index that must be used can be used is known to the rules alone.
        if (actual.Error == ErrorCodes.ForcedIndexHintUnusable.Number)
            return null;
        return OutcomeDifference.Find(_expected, actual, _query.IsOrdered, !_query.HasLimit, _isExact);
    }

    private async Task<string?> CompareThreadsAsync() => await _databases.Plain.RunByThreadsAsync(_query.Text, _query.BindVars) is var actual && actual.Error == ErrorCodes.ForcedIndexHintUnusable.Number
        ? null
        : OutcomeDifference.Find(_expected, actual, _query.IsOrdered, !_query.HasLimit, _isExact);

    /// <summary>A rule must not lean on another one.</summary>
    private async Task<string?> CheckOneRuleOffAsync()
    {
        var rule = RuleSchedule.Rules[_random.Next(RuleSchedule.Rules.Count)].Name;
        return await CompareAsync(_databases.Indexed, text: null, rules: "-" + rule) is { } difference ? $"without {rule}: {difference}" : null;
    }

    /// <summary>Each loop over a collection is told to use a given index when it can.</summary>
    private async Task<string?> CheckOneIndexAsync()
    {
        if (_syntax is null)
            return null;
        var names = new List<string>();
        var hinted = (QuerySyntax)SyntaxRewriting.Rewrite(_syntax, node => node is ForSyntax { Options: null, Source: NameSyntax source } loop ? Hint(loop, source, names) : node);
        return names.Count == 0 || await CompareAsync(_databases.Indexed, text: SyntaxPrinter.Print(hinted)) is not { } difference ? null : $"with {string.Join(", ", names)}: {difference}";
    }

    private ForSyntax Hint(ForSyntax loop, NameSyntax source, List<string> names)
    {
        var indexes = _databases.Data.Collections.FirstOrDefault(collection => collection.Name == source.Name)?.Indexes;
        if (indexes is not { Count: > 0 })
            return loop;
        var name = indexes[_random.Next(indexes.Count)].Name!;
        names.Add(name);
        var option = new ObjectMemberSyntax(Literal("indexHint"), Literal(name), loop.Span);
        return loop with { Options = new ObjectSyntax([option], loop.Span) };

        LiteralSyntax Literal(string text) => new(Value.FromString(text), loop.Span);
    }

    /// <summary>The rows for which a condition holds, those for which it is null and those for which it does not hold otherwise are all rows.</summary>
    private async Task<string?> CheckPartitionAsync()
    {
        if (_syntax is null || _expected.Error != 0 || _syntax.Operations[^1] is not ReturnSyntax { IsDistinct: false })
            return null;
        // Behind the condition, each row must go its own way.
        var at = _syntax.Operations.Length - 2;
        while (at >= 0 && _syntax.Operations[at] is ForSyntax or TraversalSyntax or LetSyntax or SortSyntax)
            at--;
        if (at < 0 || _syntax.Operations[at] is not FilterSyntax filter)
            return null;
        var not = new UnarySyntax(UnaryOperator.Not, filter.Condition, filter.Span);
        var opposite = Print(filter with { Condition = new BinarySyntax(BinaryOperator.And, not, Null(BinaryOperator.NotEqual), filter.Span) });
        var all = await _databases.Indexed.RunAsync(Print(null), _query.BindVars);
        var no = await _databases.Indexed.RunAsync(opposite, _query.BindVars);
        var unknown = await _databases.Indexed.RunAsync(Print(filter with { Condition = Null(BinaryOperator.Equal) }), _query.BindVars);
        if (all.Error != 0 || no.Error != 0 || unknown.Error != 0)
            return null;
        return OutcomeDifference.Find(all, new QueryOutcome([.. _expected.Rows, .. no.Rows, .. unknown.Rows], 0, "", ""), isOrdered: false, compareWarnings: false);

        BinarySyntax Null(BinaryOperator operation) => new(operation, filter.Condition, new LiteralSyntax(Value.Null, filter.Span), filter.Span);

        string Print(FilterSyntax? instead) => SyntaxPrinter.Print(_syntax with
        {
            Operations = instead is null ? _syntax.Operations.RemoveAt(at) : _syntax.Operations.SetItem(at, instead),
        });
    }
}
