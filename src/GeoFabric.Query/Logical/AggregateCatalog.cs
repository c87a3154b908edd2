using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace GeoFabric.Query.Logical;

/// <summary>Every aggregate function, aliases included.</summary>
public static class AggregateCatalog
{
    public static IReadOnlyList<AggregateDefinition> All { get; } =
    [
        new("LENGTH", () => new CountAggregator(), IsOrderless: true) { CreateMerging = () => new CountSumAggregator() },
        new("COUNT", () => new CountAggregator(), IsOrderless: true) { CreateMerging = () => new CountSumAggregator() },
        new("MIN", () => new ExtremeAggregator(-1), CreateMoving: () => new WindowExtremeAggregator(-1), IsOrderless: true) { CreateMerging = () => new ExtremeAggregator(-1) },
        new("MAX", () => new ExtremeAggregator(1), CreateMoving: () => new WindowExtremeAggregator(1), IsOrderless: true) { CreateMerging = () => new ExtremeAggregator(1) },
        new("SUM", () => new SumAggregator(), MayWarn: true),
        new("AVERAGE", () => new MomentAggregator("AVERAGE", MomentAggregator.Moment.Average), MayWarn: true),
        new("AVG", () => new MomentAggregator("AVG", MomentAggregator.Moment.Average), MayWarn: true),
        new("VARIANCE", () => new MomentAggregator("VARIANCE", MomentAggregator.Moment.VariancePopulation), MayWarn: true),
        new("VARIANCE_POPULATION", () => new MomentAggregator("VARIANCE_POPULATION", MomentAggregator.Moment.VariancePopulation), MayWarn: true),
        new("VARIANCE_SAMPLE", () => new MomentAggregator("VARIANCE_SAMPLE", MomentAggregator.Moment.VarianceSample), MayWarn: true),
        new("STDDEV", () => new MomentAggregator("STDDEV", MomentAggregator.Moment.DeviationPopulation), MayWarn: true),
        new("STDDEV_POPULATION", () => new MomentAggregator("STDDEV_POPULATION", MomentAggregator.Moment.DeviationPopulation), MayWarn: true),
        new("STDDEV_SAMPLE", () => new MomentAggregator("STDDEV_SAMPLE", MomentAggregator.Moment.DeviationSample), MayWarn: true),
        new("UNIQUE", () => new DistinctAggregator(DistinctAggregator.Form.FirstSeen)),
        new("SORTED_UNIQUE", () => new DistinctAggregator(DistinctAggregator.Form.Sorted)),
        new("COUNT_DISTINCT", () => new DistinctAggregator(DistinctAggregator.Form.Count), CreateMoving: () => new WindowDistinctCountAggregator(), IsOrderless: true),
        new("COUNT_UNIQUE", () => new DistinctAggregator(DistinctAggregator.Form.Count), CreateMoving: () => new WindowDistinctCountAggregator(), IsOrderless: true),
        new("BIT_AND", () => new BitAggregator("BIT_AND", (a, b) => a & b), MayWarn: true),
        new("BIT_OR", () => new BitAggregator("BIT_OR", (a, b) => a | b), MayWarn: true),
        new("BIT_XOR", () => new BitAggregator("BIT_XOR", (a, b) => a ^ b), MayWarn: true),
        new("PUSH", () => new PushAggregator()),
    ];

    private static readonly FrozenDictionary<string, AggregateDefinition> ByName = All.ToFrozenDictionary(a => a.Name, StringComparer.Ordinal);

    public static bool TryGet(string name, [NotNullWhen(true)] out AggregateDefinition? aggregate) => ByName.TryGetValue(name, out aggregate);
}
