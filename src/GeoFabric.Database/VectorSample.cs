using System.Collections.Immutable;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database;

/// <summary>Learns the lists of a new vector index from the documents that are there, while writers go on.</summary>
internal static class VectorSample
{
    private const int Seed = 7;

    /// <param name="index">Without id.</param>
    /// <returns>The middles of the lists; none where there are no vectors.</returns>
    /// <exception cref="GeoFabricException">1203 when there is no such collection, 11 when the scope may not change it.</exception>
    public static ImmutableArray<float> Learn(FabricDatabase fabric, AccessScope scope, string collection, IndexDefinition index, CancellationToken cancellationToken)
    {
        scope.DemandAdministration();
        var settings = index.Vector!;
        var lists = new VectorLists(index);
        var isDirection = settings.Metric == VectorSettings.Cosine;
        var most = (int)Math.Min((long)settings.Lists * VectorTraining.VectorsPerList, VectorTraining.SampleNumbersMax / settings.Dimension);
        var sample = new List<float[]>();
        var random = new Random(Seed);
        var vector = new double[settings.Dimension];
        long seen = 0;
        using (var snapshot = fabric.OpenSnapshot(scope))
        {
            using var documents = snapshot.ScanCollection(snapshot.Catalog.GetCollection(collection));
            while (documents.MoveNext())
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (!lists.TryRead(documents.Document, vector))
                    continue;
                // Each vector has the same chance to stay, however many come.
                var place = seen++ < most ? sample.Count : random.NextInt64(seen);
                if (place == sample.Count)
                    sample.Add(VectorTraining.Prepare(vector, isDirection));
                else if (place < most)
                    sample[(int)place] = VectorTraining.Prepare(vector, isDirection);
            }
        }
        return VectorTraining.Train(sample, settings.Lists, settings.TrainingIterations, isDirection, cancellationToken);
    }
}
