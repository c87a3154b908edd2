using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Server.Cluster;

/// <summary>What a certificate says about its owner: <c>gfr://cluster/region</c>, its one subject alternative name.</summary>
internal sealed record RegionAddress(string ClusterId, RegionName Region)
{
    private const string Scheme = "gfr://";
    private const string AlternativeNameOid = "2.5.29.17";

    /// <summary>The tag of a URI among the alternative names (RFC 5280, 4.2.1.6).</summary>
    private static readonly Asn1Tag s_uri = new(TagClass.ContextSpecific, 6);

    public override string ToString() => $"{Scheme}{ClusterId}/{Region}";

    /// <returns>Null unless the certificate has exactly one alternative name, and it is one of these.</returns>
    public static RegionAddress? Of(X509Certificate2 certificate)
    {
        if (certificate.Extensions[AlternativeNameOid] is not { } extension)
            return null;
        try
        {
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            var text = names.ReadCharacterString(UniversalTagNumber.IA5String, s_uri);
            return names.HasData ? null : Parse(text);
        }
        catch (AsnContentException)
        {
            return null;
        }
    }

    private static RegionAddress? Parse(string text)
    {
        if (!text.StartsWith(Scheme, StringComparison.Ordinal))
            return null;
        var parts = text[Scheme.Length..].Split('/');
        return parts.Length == 2 && parts[0].Length > 0 && RegionName.TryParse(parts[1], out var region) ? new RegionAddress(parts[0], region) : null;
    }
}
