using System.Collections.Immutable;

namespace GeoFabric.Database.Indexes;

/// <summary>Finds the middles of the lists of a vector index among sample vectors (k-means). The same sample gives the same middles.</summary>
internal static class VectorTraining
{
    /// <summary>Vectors to learn one list from; more make it hardly better.</summary>
    public const int VectorsPerList = 64;

    /// <summary>Numbers of all sample vectors together.</summary>
    public const int SampleNumbersMax = 8_000_000;

    private const int Seed = 20_261_121;

    /// <summary>A vector as distances are taken between: of length 1 where only the direction counts.</summary>
    public static float[] Prepare(ReadOnlySpan<double> vector, bool isDirection)
    {
        var scale = isDirection ? ScaleOf(vector) : 1.0;
        var point = new float[vector.Length];
        for (var i = 0; i < point.Length; i++)
            point[i] = (float)(vector[i] * scale);
        return point;
    }

    /// <summary>Gives a vector length 1.</summary>
    public static void Normalize(Span<double> vector)
    {
        var scale = ScaleOf(vector);
        for (var i = 0; i < vector.Length; i++)
            vector[i] *= scale;
    }

    private static double ScaleOf(ReadOnlySpan<double> vector)
    {
        var squares = 0.0;
        foreach (var component in vector)
            squares += component * component;
        return 1 / Math.Sqrt(squares);
    }

    /// <param name="sample">Prepared vectors.</param>
    /// <param name="isDirection">Whether middles have length 1 too.</param>
    public static ImmutableArray<float> Train(IReadOnlyList<float[]> sample, int lists, int iterations, bool isDirection, CancellationToken cancellationToken)
    {
        if (sample.Count == 0)
            return [];
        var dimension = sample[0].Length;
        lists = Math.Min(lists, sample.Count);
        var centroids = Begin(sample, lists, cancellationToken);
        var listOf = new int[sample.Count];
        for (var round = 0; round < iterations; round++)
        {
            if (!Assign(sample, centroids, dimension, listOf, cancellationToken) && round > 0)
                break;
            Move(sample, centroids, dimension, listOf, isDirection);
        }
        return [.. centroids];
    }

    /// <summary>Vectors of the sample, each taken by chance and the sooner the farther it is from those before it (k-means++).</summary>
    private static float[] Begin(IReadOnlyList<float[]> sample, int lists, CancellationToken cancellationToken)
    {
        var random = new Random(Seed);
        var centroids = new float[lists * sample[0].Length];
        var distances = new double[sample.Count];
        Array.Fill(distances, double.PositiveInfinity);
        var chosen = random.Next(sample.Count);
        for (var list = 0; list < lists; list++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            sample[chosen].CopyTo(centroids, list * sample[0].Length);
            var sum = 0.0;
            for (var i = 0; i < distances.Length; i++)
            {
                distances[i] = Math.Min(distances[i], VectorDistance.Squared(sample[i], sample[chosen]));
                sum += distances[i];
            }
            var place = random.NextDouble() * sum;
            for (chosen = 0; chosen < distances.Length - 1 && place >= distances[chosen]; chosen++)
                place -= distances[chosen];
        }
        return centroids;
    }

    /// <returns>Whether any vector has changed its list.</returns>
    private static bool Assign(IReadOnlyList<float[]> sample, float[] centroids, int dimension, int[] listOf, CancellationToken cancellationToken)
    {
        var hasChanged = false;
        for (var i = 0; i < sample.Count; i++)
        {
            if (i % 256 == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var (nearest, least) = (0, float.PositiveInfinity);
            for (var list = 0; list * dimension < centroids.Length; list++)
            {
                var distance = VectorDistance.Squared(sample[i], centroids.AsSpan(list * dimension, dimension));
                if (distance < least)
                    (nearest, least) = (list, distance);
            }
            hasChanged |= listOf[i] != nearest;
            listOf[i] = nearest;
        }
        return hasChanged;
    }

    /// <summary>Each middle goes to the mean of its vectors; one without any stays where it is.</summary>
    private static void Move(IReadOnlyList<float[]> sample, float[] centroids, int dimension, int[] listOf, bool isDirection)
    {
        var sums = new double[centroids.Length];
        var counts = new int[centroids.Length / dimension];
        for (var i = 0; i < sample.Count; i++)
        {
            counts[listOf[i]]++;
            for (var d = 0; d < dimension; d++)
                sums[(listOf[i] * dimension) + d] += sample[i][d];
        }
        for (var list = 0; list < counts.Length; list++)
        {
            var sum = sums.AsSpan(list * dimension, dimension);
            var squares = 0.0;
            foreach (var component in sum)
                squares += component * component;
            var divisor = isDirection ? Math.Sqrt(squares) : counts[list];
            for (var d = 0; d < dimension && divisor > 0; d++)
                centroids[(list * dimension) + d] = (float)(sum[d] / divisor);
        }
    }
}
