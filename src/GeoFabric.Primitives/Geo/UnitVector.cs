namespace GeoFabric.Primitives.Geo;

/// <summary>A place on the sphere as a vector of length 1. Also used for sums and products of such vectors.</summary>
public readonly record struct UnitVector(double X, double Y, double Z)
{
    private const double Radians = Math.PI / 180;

    public double Length => Math.Sqrt(Dot(this));

    /// <param name="longitude">Degrees.</param>
    /// <param name="latitude">Degrees.</param>
    public static UnitVector FromDegrees(double longitude, double latitude)
    {
        var (sinLatitude, cosLatitude) = Math.SinCos(latitude * Radians);
        var (sinLongitude, cosLongitude) = Math.SinCos(longitude * Radians);
        return new UnitVector(cosLatitude * cosLongitude, cosLatitude * sinLongitude, sinLatitude);
    }

    public (double Longitude, double Latitude) ToRadians() => (Math.Atan2(Y, X), Math.Atan2(Z, Math.Sqrt((X * X) + (Y * Y))));

    public double Dot(UnitVector other) => (X * other.X) + (Y * other.Y) + (Z * other.Z);

    public UnitVector Cross(UnitVector other) =>
        new((Y * other.Z) - (Z * other.Y), (Z * other.X) - (X * other.Z), (X * other.Y) - (Y * other.X));

    /// <summary>The vector with length 1, or the zero vector as it is.</summary>
    public UnitVector Normalize()
    {
        var length = Length;
        return length == 0 ? this : this * (1 / length);
    }

    /// <summary>Angle between two vectors in radians, exact for small angles too.</summary>
    public double AngleTo(UnitVector other) => Math.Atan2(Cross(other).Length, Dot(other));

    public static UnitVector operator +(UnitVector a, UnitVector b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

    public static UnitVector operator -(UnitVector a, UnitVector b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static UnitVector operator *(UnitVector a, double factor) => new(a.X * factor, a.Y * factor, a.Z * factor);
}
