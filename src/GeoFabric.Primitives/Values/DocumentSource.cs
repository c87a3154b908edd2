using System.Text;

namespace GeoFabric.Primitives.Values;

/// <summary>What all documents of one collection share and their records therefore do not repeat: the name behind <c>_id</c>.</summary>
public sealed class DocumentSource
{
    private readonly byte[] _idPrefix;

    public DocumentSource(string collectionName)
    {
        CollectionName = collectionName;
        _idPrefix = Encoding.UTF8.GetBytes(collectionName + "/");
    }

    public string CollectionName { get; }

    /// <summary>The collection's name and a slash, in UTF-8.</summary>
    public ReadOnlySpan<byte> IdPrefix => _idPrefix;
}
