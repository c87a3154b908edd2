using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Binding;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>A query bound and optimized against one catalog; shared by all executions that the plan fits.</summary>
public sealed class PreparedQuery(BoundQuery bound, OptimizedPlan optimized)
{
    private const int PageBytesLeast = 1 << 10;
    private const int PageBytesMost = 1 << 18;

    /// <summary>How often a plan is used before anybody looks whether it still fits.</summary>
    private const uint UsesBetweenChecks = 64;

    /// <summary>Small collections grow and shrink without making any plan better.</summary>
    private const long DocumentsIgnored = 1000;

    private uint _uses;
    private bool _hasRun;
    private readonly byte[][] _parameterNames = [.. bound.Parameters.Select(Encoding.UTF8.GetBytes)];

    public BoundQuery Bound => bound;

    public LogicalPlan Plan => optimized.Plan;

    /// <summary>Width of the plan's rows.</summary>
    public int SlotCount => optimized.SlotCount;

    public OptimizedPlan Optimized => optimized;

    /// <summary>What counts its executions, for each index of the plan; not set before the first one.</summary>
    internal ImmutableArray<IndexUsage.Counter> IndexCounters { get; set; }

    public bool IsModification { get; } = optimized.Plan.IsModification;

    /// <summary>
    /// How large first pages are, within limits, to begin a buffer with: as large as the largest of late, since growing one to it again and again costs more
    /// than a larger one.
    /// </summary>
    public int PageBytes
    {
        get;
        set => field = Math.Clamp(value, Math.Max(PageBytesLeast, field - (field / 64)), PageBytesMost);
    } = PageBytesLeast;

    /// <summary>Whether a collection has come to hold more than twice, or less than half, of the documents that the plan was made for. Asked at each use, it looks at few.</summary>
    public bool IsOutgrown(IFabricReader reader)
    {
        if (optimized.Sizes.IsEmpty || Interlocked.Increment(ref _uses) % UsesBetweenChecks != 0)
            return false;
        return optimized.Sizes.Any(size => reader.EstimateDocuments(size.Collection) is var now
            && (now > (2 * size.Documents) + DocumentsIgnored || (2 * now) + DocumentsIgnored < size.Documents));
    }

    /// <exception cref="GeoFabricException">1550 to 1552 unless there is a value for each parameter that the query declares, and none besides.</exception>
    /// <summary>Whether it has not run before; only the first who asks is told so.</summary>
    internal bool IsFirstRun() => !_hasRun && !Interlocked.Exchange(ref _hasRun, true);

    public void CheckParameters(Value bindVars) => BindParameterCheck.Check(bindVars, bound.DeclaredParameters);

    /// <summary>Values of the parameters in the order of <see cref="BoundQuery.Parameters"/>, after the check for missing and superfluous ones.</summary>
    public Value[] ReadParameters(Value bindVars)
    {
        CheckParameters(bindVars);
        if (_parameterNames.Length == 0)
            return [];
        var values = new Value[_parameterNames.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = bindVars.GetAttribute(_parameterNames[i]);
        return values;
    }
}
