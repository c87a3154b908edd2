using System.Collections.Immutable;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database;

/// <summary>
/// A part of an ordered index: the first fields equal given values, the field after them between bounds, the rest is free.
/// </summary>
/// <param name="EqualTo">Values of the first fields; may be empty.</param>
/// <param name="Lower">Lower bound of the next field, or null for none. A bound of C8QL null is a bound too.</param>
/// <param name="Upper">Upper bound of the next field, or null for none.</param>
/// <remarks>
/// For the edge index there is one value, the vertex <c>_id</c>, and the first field is <c>_from</c> or <c>_to</c>.
/// For the primary index the only field is <c>_key</c>.
/// </remarks>
public sealed record IndexRange(ImmutableArray<Value> EqualTo, IndexBound? Lower = null, IndexBound? Upper = null)
{
    public static IndexRange All { get; } = new([]);
}

public sealed record IndexBound(Value Value, bool IsInclusive);
