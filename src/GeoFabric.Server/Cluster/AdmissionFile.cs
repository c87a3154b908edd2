using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Server.Cluster;

/// <summary>All that a new region needs, in one file that <c>geofabric region add</c> writes and <c>geofabric start --join</c> reads. Secret.</summary>
internal sealed record AdmissionFile(RegionAdmission Admission, string CertificatePem, string KeyPem, string AuthorityPem)
{
    private const int Format = 1;

    private static readonly JsonSerializerOptions s_options = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        WriteIndented = true,
    };

    /// <summary>The region a directory with this admission belongs to.</summary>
    public RegionIdentity Region => Admission.Region;

    public string Write() => JsonSerializer.Serialize(
        new Content(
            Format,
            Region.Name.Text,
            Region.Id,
            Region.Incarnation,
            AuthorityPem,
            CertificatePem,
            KeyPem,
            Admission.TokenKey.ToArray(),
            CatalogTransfer.Write(Admission.Catalog)),
        s_options);

    /// <exception cref="GeoFabricException">1108 when the text is not such a file.</exception>
    public static AdmissionFile Parse(string text)
    {
        try
        {
            var content = JsonSerializer.Deserialize<Content>(text, s_options) ?? throw new JsonException("null");
            if (content.Format != Format)
                throw ErrorCodes.DataDirectoryUnusable.With($"the join file has format {content.Format}, this program reads format {Format}; use a program of the home region's version");
            var region = new RegionIdentity(content.Number, RegionName.Parse(content.Region), content.Incarnation, IsNamed: true);
            return new AdmissionFile(
                new RegionAdmission(region, content.TokenKey, CatalogTransfer.Read(content.Catalog)), content.Certificate, content.Key, content.Authority);
        }
        catch (Exception error) when (error is JsonException || (error is GeoFabricException refused && refused.Code != ErrorCodes.DataDirectoryUnusable))
        {
            throw ErrorCodes.DataDirectoryUnusable.With("the join file is damaged; make another one with 'geofabric region add'", error);
        }
    }

    /// <summary>Stores the certificate, unless the region has one already that is as new.</summary>
    public void SaveCredentials(ClusterFiles files)
    {
        using var stored = RegionCredentials.Load(files);
        using var offered = X509Certificate2.CreateFromPem(CertificatePem);
        if (stored is null || stored.Own.NotBefore < offered.NotBefore)
            RegionCredentials.Save(files, CertificatePem, KeyPem, AuthorityPem);
    }

    private sealed record Content(
        int Format, string Region, ushort Number, byte Incarnation, string Authority, string Certificate, string Key, byte[] TokenKey, byte[] Catalog);
}
