using System.Collections.Immutable;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database;

/// <summary>A part of a multi-dimensional index: prefix fields equal given values, and for each of the other fields where its values begin and end.</summary>
/// <param name="EqualTo">Values of all prefix fields.</param>
/// <param name="Lower">For each other field the least value, itself included, or null for none.</param>
/// <param name="Upper">For each other field the greatest value, itself included, or null for none.</param>
public sealed record IndexBox(ImmutableArray<Value> EqualTo, ImmutableArray<Value?> Lower, ImmutableArray<Value?> Upper);
