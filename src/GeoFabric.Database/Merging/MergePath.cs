using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Merging;

/// <summary>A step from a slot to one below it.</summary>
/// <param name="Name">An attribute; null for an element.</param>
/// <param name="List">Stamp of the assignment of the array the element is in; zero when it is stable.</param>
internal readonly record struct MergeStep(string? Name, RevisionStamp List = default, ElementId Element = default);

/// <summary>Where in a document an operation is: attribute names, and ids of elements in between, never positions.</summary>
internal static class MergePath
{
    public static byte[] Write(IReadOnlyList<MergeStep> path)
    {
        var bytes = new MergeBytes();
        foreach (var step in path)
        {
            if (step.Name is { } name)
                bytes.Byte(0).Text(name);
            else
                bytes.Byte(1).Stamp(step.List).Element(step.Element);
        }
        return bytes.ToArray();
    }

    /// <exception cref="InvalidDataException">The bytes make no sense or the path is too long.</exception>
    public static List<MergeStep> Read(byte[] source)
    {
        var path = new List<MergeStep>();
        var reader = new MergeReader(source);
        while (!reader.IsAtEnd)
        {
            if (path.Count == MergeReader.DepthMax)
                throw new InvalidDataException("a path is too long");
            path.Add(reader.ReadByte() switch
            {
                0 => new MergeStep(reader.ReadText()),
                1 => new MergeStep(null, reader.ReadStamp(), reader.ReadElement()),
                _ => throw new InvalidDataException("a path has an unknown step"),
            });
        }
        return path;
    }
}
