using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>
/// What binding one query gathers: slots, parameters, collections, and the first error of the checks that come later in the order clients see
/// (names and arity before parameters, parameters before collections that do not exist).
/// </summary>
/// <param name="throwIfStopped">Throws when the query is to end.</param>
internal sealed class BindingState(QueryText text, CatalogSnapshot catalog, Value bindVars, Action throwIfStopped)
{
    /// <summary>Most variables of a query, those of the compiler included.</summary>
    public const int SlotsMax = 1000;

    /// <summary>Longest name that a query may take for one of a collection, in bytes.</summary>
    private const int NameBytesMax = 256;

    /// <summary>Most collections of a query.</summary>
    public const int CollectionsMax = 256;

    private readonly List<Variable> _variables = [];
    private readonly OrderedDictionary<string, int> _parameters = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _declared = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _structural = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _collections = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _loopLevels = new(StringComparer.Ordinal);
    private readonly HashSet<string> _modified = new(StringComparer.Ordinal);
    private readonly List<BindingWarning> _warnings = [];
    private GeoFabricException? _parameterError;
    private GeoFabricException? _existenceError;

    public QueryText Text { get; } = text;

    public void ThrowIfStopped() => throwIfStopped();

    public IReadOnlyCollection<string> Modified => _modified;

    /// <summary>The strictest level of consistency an operation asks for; null when none does.</summary>
    public ConsistencyLevel? Consistency { get; private set; }

    /// <summary>How many levels deep binding is; 1 for the query itself.</summary>
    public int Level { get; set; }

    /// <summary>Forgets the loops of the present level, which has ended.</summary>
    public void LeaveLevel()
    {
        foreach (var name in _loopLevels.Where(loop => loop.Value == Level).Select(loop => loop.Key).ToList())
            _loopLevels.Remove(name);
        Level--;
    }

    public void AskFor(ConsistencyLevel level) => Consistency = Consistency is { } asked ? ConsistencyLevel.Stronger(asked, level) : level;

    public Variable NewVariable(string name)
    {
        if (_variables.Count == SlotsMax)
            throw ErrorCodes.ResourceLimit.With($"the query has more than {SlotsMax} variables; split it up");
        var variable = new Variable(_variables.Count, name);
        _variables.Add(variable);
        return variable;
    }

    /// <summary>A variable that the query can do without; null when it has as many as it may.</summary>
    public Variable? TryNewTemporary() => _variables.Count == SlotsMax ? null : NewTemporary();

    /// <summary>A variable with a name that the query can do without.</summary>
    public Variable? TryNewVariable(string name) => _variables.Count == SlotsMax ? null : NewVariable(name);

    public Variable NewTemporary() => NewVariable(_variables.Count.ToString(System.Globalization.CultureInfo.InvariantCulture));

    public int ParameterIndex(string name)
    {
        _declared.Add(name);
        _parameters.TryAdd(name, _parameters.Count);
        return _parameters[name];
    }

    /// <summary>The value of a parameter that shapes the plan; C8QL null when it is missing, which is reported at the end.</summary>
    public Value StructuralParameter(string name)
    {
        _declared.Add(name);
        _structural.Add(name);
        if (!HasParameter(name))
            MissingParameters++;
        return bindVars.IsObject && bindVars.Attributes.TryGet(System.Text.Encoding.UTF8.GetBytes(name), out var value) ? value.Detach() : default;
    }

    /// <summary>How often a parameter that shapes the plan was asked for and not given. That is reported at the end, so what it would have said does not matter.</summary>
    public int MissingParameters { get; private set; }

    public bool HasParameter(string name) => bindVars.IsObject && bindVars.Attributes.Contains(System.Text.Encoding.UTF8.GetBytes(name));

    public void FailParameter(GeoFabricException error) => _parameterError ??= error;

    public void FailExistence(GeoFabricException error) => _existenceError ??= error;

    public void Warn(ErrorCode code, string detail) => _warnings.Add(new BindingWarning(code, detail));

    /// <summary>A collection by name, noting the access. One that does not exist is reported at the end; until then an empty stand-in is bound.</summary>
    public CollectionDefinition UseCollection(string name, bool isWrite, SourceSpan span)
    {
        if (isWrite && _loopLevels.TryGetValue(name, out var level) && level < Level)
            throw ErrorCodes.AccessAfterModification.With($"'{name}' {Text.Where(span)} is modified in a subquery inside a loop over it; modify it outside, or use two queries");
        return UseCollectionOnce(name, isWrite, span);
    }

    /// <summary>Notes that a FOR of the present level runs over the collection: subqueries inside may not modify it.</summary>
    public CollectionDefinition LoopOver(string name, SourceSpan span)
    {
        var collection = UseCollection(name, isWrite: false, span);
        _loopLevels[name] = _loopLevels.TryGetValue(name, out var level) ? Math.Min(level, Level) : Level;
        return collection;
    }

    /// <summary>Refuses what reads a collection behind a modification of it.</summary>
    public void ThrowIfModified(string name, SourceSpan span)
    {
        if (_modified.Contains(name))
            throw ErrorCodes.AccessAfterModification.With($"'{name}' {Text.Where(span)} was modified before in this query; read it before the modification, or use two queries");
    }

    /// <summary>1203 for a collection that does not exist, 1208 for one that never can.</summary>
    public GeoFabricException NotFound(string name, string detail, SourceSpan span) =>
        Encoding.UTF8.GetByteCount(name) > NameBytesMax
            ? ErrorCodes.IllegalName.With($"a name of more than {NameBytesMax} bytes {Text.Where(span)} is none of a collection")
            : ErrorCodes.DataSourceNotFound.With(detail);

    private CollectionDefinition UseCollectionOnce(string name, bool isWrite, SourceSpan span)
    {
        ThrowIfModified(name, span);
        if (isWrite)
            _modified.Add(name);
        _collections[name] = isWrite || (_collections.TryGetValue(name, out var wasWrite) && wasWrite);
        if (_collections.Count > CollectionsMax)
            throw ErrorCodes.TooManyCollections.With($"a query may use at most {CollectionsMax} collections");
        if (catalog.TryGetCollection(name, out var collection))
            return collection;
        FailExistence(NotFound(name, $"{name} {Text.Where(span)}{NameSuggestion.For(name, CollectionNames)}", span));
        return new CollectionDefinition(0, name, CollectionType.Document, KeyOptions.Traditional, []);
    }

    /// <summary>The scores that are asked for of each search.</summary>
    public Dictionary<Variable, Logical.SearchScorers> Searches { get; } = [];

    /// <summary>What each search looks for, once its condition is bound.</summary>
    public Dictionary<Variable, Search.SearchedLoop> SearchedLoops { get; } = [];

    public bool TryGetView(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ViewDefinition? view) => catalog.TryGetView(name, out view);

    /// <summary>The collections of a view, noting that they are read.</summary>
    public IReadOnlyList<CollectionDefinition> UseView(ViewDefinition view, SourceSpan span) =>
        [.. catalog.CollectionsOf(view).Select(collection => UseCollection(collection.Name, isWrite: false, span))];

    /// <summary>Names of the collections there are, but not the system's.</summary>
    public IEnumerable<string> CollectionNames => catalog.Collections.Values.Select(collection => collection.Name).Where(name => name[0] != '_').Order(StringComparer.Ordinal);

    public GraphDefinition? FindGraph(string name) => catalog.Graphs.GetValueOrDefault(name);

    public bool CollectionExists(string name) => catalog.TryGetCollection(name, out _);

    /// <summary>Ends binding: throws the first error of the later checks, in their order.</summary>
    public BoundQuery Finish(Logical.LogicalPlan plan)
    {
        var declared = _declared.ToImmutableArray();
        BindParameterCheck.Check(bindVars, declared);
        if (_parameterError is not null)
            throw _parameterError;
        if (_existenceError is not null)
            throw _existenceError;
        return new BoundQuery(
            plan,
            _variables.Count,
            [.. _parameters.Keys],
            declared,
            [.. _structural],
            [.. _collections.Select(c => new CollectionAccess(c.Key, c.Value))],
            [.. _warnings],
            [.. _variables])
        {
            Consistency = Consistency,
        };
    }
}
