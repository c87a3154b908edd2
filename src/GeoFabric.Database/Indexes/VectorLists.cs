using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Indexes;

/// <summary>The lists of a vector index: which one a vector belongs to, and which ones may hold the nearest to it. Immutable.</summary>
public sealed class VectorLists
{
    private readonly byte[][] _path;
    private readonly ImmutableArray<float> _centroids;

    public VectorLists(IndexDefinition index)
    {
        Settings = index.Vector ?? throw new ArgumentException($"'{index.Name}' is no vector index", nameof(index));
        _path = [.. index.Fields[0].Segments.Select(Encoding.UTF8.GetBytes)];
        _centroids = index.Centroids;
    }

    public VectorSettings Settings { get; }

    /// <summary>At least one, even where there was nothing to learn from.</summary>
    public int Count => Math.Max(1, _centroids.Length / Settings.Dimension);

    /// <summary>Reads a document's vector as it is.</summary>
    /// <param name="vector">Takes <see cref="VectorSettings.Dimension"/> numbers.</param>
    /// <returns><see langword="false"/> when there is none that the index takes.</returns>
    public bool TryRead(Value document, Span<double> vector) => TryReadVector(Find(document), vector);

    /// <summary>What a document has where its vector should be.</summary>
    public Value Find(Value document) => IndexFields.Walk(document, _path);

    /// <summary>Reads a vector as it is.</summary>
    public bool TryReadVector(Value value, Span<double> vector)
    {
        if (!value.IsArray || value.Items.Count != Settings.Dimension)
            return false;
        var squares = 0.0;
        var i = 0;
        foreach (var item in value.Items)
        {
            if (!item.IsNumber)
                return false;
            vector[i++] = item.Number;
            squares += item.Number * item.Number;
        }
        // A vector without a direction has no angle to any other.
        return double.IsFinite(squares) && (squares > 0 || Settings.Metric != VectorSettings.Cosine);
    }

    /// <summary>The list of a vector.</summary>
    public int ListOf(ReadOnlySpan<double> vector)
    {
        var point = Prepare(vector);
        var (nearest, least) = (0, float.PositiveInfinity);
        for (var i = 0; i < Count && _centroids.Length > 0; i++)
        {
            var distance = VectorDistance.Squared(point, Centroid(i));
            if (distance < least)
                (nearest, least) = (i, distance);
        }
        return nearest;
    }

    /// <summary>The lists that may hold the nearest, the most promising first.</summary>
    public int[] Rank(ReadOnlySpan<double> vector, int count)
    {
        if (_centroids.Length == 0)
            return [0];
        var point = Prepare(vector);
        var distances = new float[Count];
        var lists = new int[Count];
        for (var i = 0; i < lists.Length; i++)
        {
            lists[i] = i;
            distances[i] = Settings.Metric == VectorSettings.InnerProduct ? -VectorDistance.Dot(point, Centroid(i)) : VectorDistance.Squared(point, Centroid(i));
        }
        Array.Sort(distances, lists);
        return lists[..Math.Min(count, lists.Length)];
    }

    private ReadOnlySpan<float> Centroid(int list) => _centroids.AsSpan().Slice(list * Settings.Dimension, Settings.Dimension);

    private float[] Prepare(ReadOnlySpan<double> vector) => VectorTraining.Prepare(vector, Settings.Metric == VectorSettings.Cosine);
}
