//! Every type of Heat 27: its standing, the release that brought it, and who makes its things.
//!
//! One table for three questions. The API shows the standing of a type; a template that names a
//! type of a service that is not here is refused with the name of that service; a type whose
//! service is no more is accepted as Heat accepts it, by a [`Placeholder`] that makes nothing and
//! says so. What a type that stands looks like is in its own file, never here.

use std::sync::LazyLock;

use kit::error::Result;
use serde_json::Value;

use super::heat::none::NoneResource;
use super::{Act, Attribute, Look, Plugin};
use crate::template::{Error, Schema};

use Maker::{Extension, Here, Lacks, Nobody, Service};
use Standing::{Deprecated, Hidden, Supported, Unsupported};

/// What Heat promises of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It stays.
    Supported,
    /// It will go.
    Deprecated,
    /// It is gone from lists; old templates still name it.
    Hidden,
    /// Nothing.
    Unsupported,
}

impl Standing {
    /// Its name in answers.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Supported => "SUPPORTED",
            Deprecated => "DEPRECATED",
            Hidden => "HIDDEN",
            Unsupported => "UNSUPPORTED",
        }
    }

    /// The standing of that name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        let all = [Supported, Deprecated, Hidden, Unsupported];
        all.into_iter().find(|standing| standing.name() == name)
    }
}

/// Who makes the things of a type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Maker {
    /// A service of ours.
    Here,
    /// Nobody any more, in no cloud: the type is a placeholder.
    Nobody,
    /// A service that is absent: Heat's name for it, and its type in the catalog.
    Service(&'static str, &'static str),
    /// The network service, with an extension that ours has not.
    Extension(&'static str),
    /// A service of ours that lacks what the type needs, and what that is.
    Lacks(&'static str, &'static str),
}

/// A type of Heat's.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) standing: Standing,
    /// The release that gave it this standing; empty where Heat names none.
    pub(crate) since: &'static str,
    /// What Heat adds to its standing; empty where it adds nothing.
    pub(crate) message: &'static str,
    pub(crate) maker: Maker,
}

const fn row(
    name: &'static str,
    standing: Standing,
    since: &'static str,
    message: &'static str,
    maker: Maker,
) -> Row {
    Row { name, standing, since, message, maker }
}

/// The type of that name.
pub(crate) fn find(name: &str) -> Option<&'static Row> {
    TYPES.iter().find(|row| row.name == name)
}

/// The refusal of a type whose service is absent, in Heat's words.
pub(crate) fn refusal(name: &str) -> Option<Error> {
    let (service, reason) = match find(name)?.maker {
        Here | Nobody => return None,
        Service(service, kind) => {
            (service, format!("{service} {kind} endpoint is not in service catalog."))
        }
        Extension(extension) => (
            "neutron",
            format!("Required extension {extension} in neutron service is not available."),
        ),
        Lacks(service, what) => (service, what.to_owned()),
    };
    let sentence = format!(
        "HEAT-E99001 Service {service} is not available for resource type {name}, reason: {reason}"
    );
    Some(Error::new("ResourceTypeUnavailable", sentence))
}

/// The types whose service is absent.
pub(crate) fn absent() -> impl Iterator<Item = &'static str> {
    TYPES.iter().filter(|row| !matches!(row.maker, Here | Nobody)).map(|row| row.name)
}

/// What is said of a resource of a type that makes nothing.
pub(crate) const NOTHING_MADE: &str = "placeholder: nothing was created";

/// Whether things of that type are made by nobody.
pub(crate) fn is_placeholder(name: &str) -> bool {
    find(name).is_some_and(|row| row.maker == Nobody)
}

/// A type that takes any property and makes nothing, as in Heat.
#[derive(Debug)]
pub(crate) struct Placeholder(&'static Row);

/// Every placeholder.
pub(crate) static PLACEHOLDERS: LazyLock<Vec<Placeholder>> =
    LazyLock::new(|| TYPES.iter().filter(|row| row.maker == Nobody).map(Placeholder).collect());

impl Plugin for Placeholder {
    fn name(&self) -> &'static str {
        self.0.name
    }

    fn has_any_attribute(&self) -> bool {
        NoneResource.has_any_attribute()
    }

    fn schema(&self) -> Schema {
        NoneResource.schema()
    }

    fn attributes(&self) -> &'static [Attribute] {
        NoneResource.attributes()
    }

    fn create(&self, act: &mut Act<'_>) -> Result<()> {
        NoneResource.create(act)
    }

    fn attribute(&self, look: &Look<'_>, name: &str) -> Result<Value> {
        NoneResource.attribute(look, name)
    }
}

#[rustfmt::skip] // a row is a line
static TYPES: &[Row] = &[
    row("AWS::AutoScaling::AutoScalingGroup", Supported, "2014.1", "", Here),
    row("AWS::AutoScaling::LaunchConfiguration", Supported, "", "", Here),
    row("AWS::AutoScaling::ScalingPolicy", Supported, "", "", Here),
    row("AWS::CloudFormation::Stack", Supported, "", "", Here),
    row("AWS::CloudFormation::WaitCondition", Supported, "2014.1", "", Here),
    row("AWS::CloudFormation::WaitConditionHandle", Supported, "2014.1", "", Here),
    row("AWS::EC2::EIP", Supported, "", "", Here),
    row("AWS::EC2::EIPAssociation", Supported, "", "", Here),
    row("AWS::EC2::Instance", Supported, "", "", Here),
    row("AWS::EC2::InternetGateway", Supported, "", "", Here),
    row("AWS::EC2::NetworkInterface", Supported, "", "", Here),
    row("AWS::EC2::RouteTable", Supported, "2014.1", "", Here),
    row("AWS::EC2::SecurityGroup", Supported, "", "", Here),
    row("AWS::EC2::Subnet", Supported, "", "", Here),
    row("AWS::EC2::SubnetRouteTableAssociation", Supported, "", "", Here),
    row("AWS::EC2::VPC", Supported, "", "", Here),
    row("AWS::EC2::VPCGatewayAttachment", Supported, "", "", Here),
    row("AWS::EC2::Volume", Supported, "", "", Service("cinder", "volumev3")),
    row("AWS::EC2::VolumeAttachment", Supported, "", "", Service("cinder", "volumev3")),
    row("AWS::ElasticLoadBalancing::LoadBalancer", Supported, "", "", Here),
    row("AWS::IAM::AccessKey", Supported, "", "", Here),
    row("AWS::IAM::User", Supported, "", "", Here),
    row("AWS::S3::Bucket", Supported, "", "", Service("swift", "object-store")),
    row("OS::Aodh::Alarm", Deprecated, "10.0.0", "", Service("aodh", "alarming")),
    row("OS::Aodh::CombinationAlarm", Hidden, "9.0.0", "OS::Aodh::CombinationAlarm is deprecated and has been removed from Aodh, use OS::Aodh::CompositeAlarm instead.", Nobody),
    row("OS::Aodh::CompositeAlarm", Supported, "8.0.0", "", Service("aodh", "alarming")),
    row("OS::Aodh::EventAlarm", Supported, "8.0.0", "", Service("aodh", "alarming")),
    row("OS::Aodh::GnocchiAggregationByMetricsAlarm", Supported, "2015.1", "", Service("aodh", "alarming")),
    row("OS::Aodh::GnocchiAggregationByResourcesAlarm", Supported, "2015.1", "", Service("aodh", "alarming")),
    row("OS::Aodh::GnocchiResourcesAlarm", Supported, "2015.1", "", Service("aodh", "alarming")),
    row("OS::Aodh::LBMemberHealthAlarm", Supported, "13.0.0", "", Service("aodh", "alarming")),
    row("OS::Aodh::PrometheusAlarm", Supported, "22.0.0", "", Service("aodh", "alarming")),
    row("OS::Barbican::CertificateContainer", Supported, "6.0.0", "", Service("barbican", "key-manager")),
    row("OS::Barbican::GenericContainer", Supported, "6.0.0", "", Service("barbican", "key-manager")),
    row("OS::Barbican::Order", Supported, "2014.2", "", Service("barbican", "key-manager")),
    row("OS::Barbican::RSAContainer", Supported, "6.0.0", "", Service("barbican", "key-manager")),
    row("OS::Barbican::Secret", Supported, "2014.2", "", Service("barbican", "key-manager")),
    row("OS::Blazar::Host", Supported, "12.0.0", "", Service("blazar", "reservation")),
    row("OS::Blazar::Lease", Supported, "12.0.0", "", Service("blazar", "reservation")),
    row("OS::Cinder::EncryptedVolumeType", Supported, "5.0.0", "", Service("cinder", "volumev3")),
    row("OS::Cinder::QoSAssociation", Supported, "8.0.0", "", Service("cinder", "volumev3")),
    row("OS::Cinder::QoSSpecs", Supported, "7.0.0", "", Service("cinder", "volumev3")),
    row("OS::Cinder::Quota", Supported, "7.0.0", "", Service("cinder", "volumev3")),
    row("OS::Cinder::Volume", Supported, "", "", Service("cinder", "volumev3")),
    row("OS::Cinder::VolumeAttachment", Supported, "", "", Service("cinder", "volumev3")),
    row("OS::Cinder::VolumeType", Supported, "2015.1", "", Service("cinder", "volumev3")),
    row("OS::Designate::Domain", Hidden, "10.0.0", "This resource has been removed, use OS::Designate::Zone instead.", Nobody),
    row("OS::Designate::Record", Hidden, "10.0.0", "This resource has been removed, use OS::Designate::RecordSet instead.", Nobody),
    row("OS::Designate::RecordSet", Supported, "8.0.0", "", Service("designate", "dns")),
    row("OS::Designate::Zone", Supported, "8.0.0", "", Service("designate", "dns")),
    row("OS::Glance::Image", Hidden, "22.0.0", "", Nobody),
    row("OS::Glance::WebImage", Supported, "12.0.0", "", Lacks("glance", "The import method web-download is not offered.")),
    row("OS::Heat::AccessPolicy", Supported, "", "", Here),
    row("OS::Heat::AutoScalingGroup", Supported, "2014.1", "", Here),
    row("OS::Heat::CloudConfig", Supported, "2014.1", "", Here),
    row("OS::Heat::Delay", Supported, "11.0.0", "", Here),
    row("OS::Heat::DeployedServer", Supported, "", "", Here),
    row("OS::Heat::HARestarter", Hidden, "10.0.0", "The HARestarter resource type has been removed. Existing stacks containing HARestarter resources can still be used, but the HARestarter resource will be a placeholder that does nothing.", Nobody),
    row("OS::Heat::InstanceGroup", Supported, "", "", Here),
    row("OS::Heat::MultipartMime", Supported, "2014.1", "", Here),
    row("OS::Heat::None", Supported, "5.0.0", "", Here),
    row("OS::Heat::RandomString", Supported, "2014.1", "", Here),
    row("OS::Heat::ResourceChain", Supported, "6.0.0", "", Here),
    row("OS::Heat::ResourceGroup", Supported, "2014.1", "", Here),
    row("OS::Heat::ScalingPolicy", Supported, "", "", Here),
    row("OS::Heat::SoftwareComponent", Supported, "2014.2", "", Here),
    row("OS::Heat::SoftwareConfig", Supported, "2014.1", "", Here),
    row("OS::Heat::SoftwareDeployment", Supported, "2014.1", "", Here),
    row("OS::Heat::SoftwareDeploymentGroup", Supported, "5.0.0", "", Here),
    row("OS::Heat::SoftwareDeployments", Hidden, "7.0.0", "Please use OS::Heat::SoftwareDeploymentGroup instead.", Here),
    row("OS::Heat::Stack", Supported, "", "", Here),
    row("OS::Heat::StructuredConfig", Supported, "2014.1", "", Here),
    row("OS::Heat::StructuredDeployment", Supported, "2014.1", "", Here),
    row("OS::Heat::StructuredDeploymentGroup", Supported, "5.0.0", "", Here),
    row("OS::Heat::StructuredDeployments", Hidden, "7.0.0", "Please use OS::Heat::StructuredDeploymentGroup instead.", Here),
    row("OS::Heat::SwiftSignal", Supported, "2014.2", "", Here),
    row("OS::Heat::SwiftSignalHandle", Supported, "2014.2", "", Here),
    row("OS::Heat::TestResource", Supported, "5.0.0", "", Here),
    row("OS::Heat::UpdateWaitConditionHandle", Supported, "2014.1", "", Here),
    row("OS::Heat::Value", Supported, "7.0.0", "", Here),
    row("OS::Heat::WaitCondition", Supported, "2014.2", "", Here),
    row("OS::Heat::WaitConditionHandle", Supported, "2014.2", "", Here),
    row("OS::Ironic::Port", Supported, "13.0.0", "", Service("ironic", "baremetal")),
    row("OS::Keystone::Domain", Supported, "8.0.0", "Supported versions: keystone v3", Here),
    row("OS::Keystone::Endpoint", Supported, "5.0.0", "Supported versions: keystone v3", Here),
    row("OS::Keystone::Group", Supported, "2015.1", "Supported versions: keystone v3", Here),
    row("OS::Keystone::GroupRoleAssignment", Supported, "5.0.0", "Supported versions: keystone v3", Here),
    row("OS::Keystone::Project", Supported, "2015.1", "Supported versions: keystone v3", Here),
    row("OS::Keystone::Region", Supported, "6.0.0", "Supported versions: keystone v3", Here),
    row("OS::Keystone::Role", Supported, "2015.1", "Supported versions: keystone v3", Here),
    row("OS::Keystone::Service", Supported, "5.0.0", "Supported versions: keystone v3", Here),
    row("OS::Keystone::User", Supported, "2015.1", "Supported versions: keystone v3", Here),
    row("OS::Keystone::UserRoleAssignment", Supported, "5.0.0", "Supported versions: keystone v3", Here),
    row("OS::Magnum::Bay", Hidden, "11.0.0", "Please use OS::Magnum::Cluster instead.", Nobody),
    row("OS::Magnum::BayModel", Hidden, "11.0.0", "", Service("magnum", "container-infra")),
    row("OS::Magnum::Cluster", Supported, "9.0.0", "", Service("magnum", "container-infra")),
    row("OS::Magnum::ClusterTemplate", Supported, "9.0.0", "", Service("magnum", "container-infra")),
    row("OS::Manila::SecurityService", Supported, "5.0.0", "", Service("manila", "sharev2")),
    row("OS::Manila::Share", Supported, "5.0.0", "", Service("manila", "sharev2")),
    row("OS::Manila::ShareNetwork", Supported, "5.0.0", "", Service("manila", "sharev2")),
    row("OS::Manila::ShareType", Supported, "5.0.0", "", Service("manila", "sharev2")),
    row("OS::Mistral::CronTrigger", Supported, "5.0.0", "", Service("mistral", "workflowv2")),
    row("OS::Mistral::ExternalResource", Supported, "9.0.0", "", Service("mistral", "workflowv2")),
    row("OS::Mistral::Workflow", Supported, "2015.1", "", Service("mistral", "workflowv2")),
    row("OS::Monasca::AlarmDefinition", Hidden, "25.0.0", "Monasca project was retired", Nobody),
    row("OS::Monasca::Notification", Hidden, "25.0.0", "Monasca project was retired", Nobody),
    row("OS::Neutron::AddressScope", Supported, "6.0.0", "", Here),
    row("OS::Neutron::ExtraRoute", Unsupported, "", "", Here),
    row("OS::Neutron::ExtraRouteSet", Supported, "14.0.0", "", Here),
    row("OS::Neutron::Firewall", Supported, "", "", Extension("fwaas")),
    row("OS::Neutron::FirewallPolicy", Supported, "", "", Extension("fwaas")),
    row("OS::Neutron::FirewallRule", Supported, "", "", Extension("fwaas")),
    row("OS::Neutron::FloatingIP", Supported, "", "", Here),
    row("OS::Neutron::FloatingIPAssociation", Supported, "", "", Here),
    row("OS::Neutron::FloatingIPPortForward", Supported, "19.0.0", "", Here),
    row("OS::Neutron::FlowClassifier", Unsupported, "8.0.0", "", Extension("sfc")),
    row("OS::Neutron::HealthMonitor", Hidden, "9.0.0", "Use LBaaS V2 instead.", Nobody),
    row("OS::Neutron::IKEPolicy", Supported, "", "", Extension("vpnaas")),
    row("OS::Neutron::IPsecPolicy", Supported, "", "", Extension("vpnaas")),
    row("OS::Neutron::IPsecSiteConnection", Supported, "", "", Extension("vpnaas")),
    row("OS::Neutron::L2Gateway", Supported, "12.0.0", "", Extension("l2-gateway")),
    row("OS::Neutron::L2GatewayConnection", Supported, "12.0.0", "", Extension("l2-gateway-connection")),
    row("OS::Neutron::LBaaS::HealthMonitor", Hidden, "21.0.0", "Use octavia instead.", Nobody),
    row("OS::Neutron::LBaaS::L7Policy", Hidden, "21.0.0", "Use octavia instead.", Nobody),
    row("OS::Neutron::LBaaS::L7Rule", Hidden, "21.0.0", "Use octavia instead.", Nobody),
    row("OS::Neutron::LBaaS::Listener", Hidden, "21.0.0", "Use octavia instead.", Nobody),
    row("OS::Neutron::LBaaS::LoadBalancer", Hidden, "21.0.0", "Use octavia instead.", Nobody),
    row("OS::Neutron::LBaaS::Pool", Hidden, "21.0.0", "Use octavia instead.", Nobody),
    row("OS::Neutron::LBaaS::PoolMember", Hidden, "21.0.0", "Use octavia instead.", Nobody),
    row("OS::Neutron::LoadBalancer", Hidden, "9.0.0", "Use LBaaS V2 instead.", Nobody),
    row("OS::Neutron::MeteringLabel", Supported, "2014.1", "", Extension("metering")),
    row("OS::Neutron::MeteringRule", Supported, "2014.1", "", Extension("metering")),
    row("OS::Neutron::Net", Supported, "", "", Here),
    row("OS::Neutron::NetworkGateway", Supported, "2014.1", "", Extension("network-gateway")),
    row("OS::Neutron::Pool", Hidden, "9.0.0", "Use LBaaS V2 instead.", Nobody),
    row("OS::Neutron::PoolMember", Hidden, "9.0.0", "Use LBaaS V2 instead.", Nobody),
    row("OS::Neutron::Port", Supported, "", "", Here),
    row("OS::Neutron::PortChain", Unsupported, "8.0.0", "", Extension("sfc")),
    row("OS::Neutron::PortPair", Unsupported, "7.0.0", "", Extension("sfc")),
    row("OS::Neutron::PortPairGroup", Unsupported, "8.0.0", "", Extension("sfc")),
    row("OS::Neutron::ProviderNet", Supported, "2014.1", "", Here),
    row("OS::Neutron::QoSBandwidthLimitRule", Supported, "6.0.0", "", Extension("qos")),
    row("OS::Neutron::QoSDscpMarkingRule", Supported, "7.0.0", "", Extension("qos")),
    row("OS::Neutron::QoSMinimumBandwidthRule", Supported, "14.0.0", "", Extension("qos-bw-minimum-ingress")),
    row("OS::Neutron::QoSMinimumPacketRateRule", Supported, "19.0.0", "", Extension("qos-pps-minimum")),
    row("OS::Neutron::QoSPolicy", Supported, "6.0.0", "", Extension("qos")),
    row("OS::Neutron::Quota", Supported, "8.0.0", "", Here),
    row("OS::Neutron::RBACPolicy", Supported, "6.0.0", "", Here),
    row("OS::Neutron::Router", Supported, "", "", Here),
    row("OS::Neutron::RouterGateway", Hidden, "5.0.0", "", Here),
    row("OS::Neutron::RouterInterface", Supported, "", "", Here),
    row("OS::Neutron::SecurityGroup", Supported, "2014.1", "", Here),
    row("OS::Neutron::SecurityGroupRule", Supported, "7.0.0", "", Here),
    row("OS::Neutron::Segment", Supported, "9.0.0", "", Extension("segment")),
    row("OS::Neutron::Subnet", Supported, "", "", Here),
    row("OS::Neutron::SubnetPool", Supported, "6.0.0", "", Here),
    row("OS::Neutron::TaaS::TapFlow", Supported, "12.0.0", "", Extension("taas")),
    row("OS::Neutron::TaaS::TapService", Supported, "12.0.0", "", Extension("taas")),
    row("OS::Neutron::Trunk", Supported, "9.0.0", "", Extension("trunk")),
    row("OS::Neutron::VPNService", Supported, "", "", Extension("vpnaas")),
    row("OS::Nova::Flavor", Supported, "2014.2", "", Here),
    row("OS::Nova::FloatingIP", Hidden, "11.0.0", "Please use OS::Neutron::FloatingIP instead.", Here),
    row("OS::Nova::FloatingIPAssociation", Hidden, "11.0.0", "Please use OS::Neutron::FloatingIPAssociation instead.", Here),
    row("OS::Nova::HostAggregate", Supported, "6.0.0", "", Here),
    row("OS::Nova::KeyPair", Supported, "2014.1", "", Here),
    row("OS::Nova::Quota", Supported, "8.0.0", "", Here),
    row("OS::Nova::Server", Supported, "", "", Here),
    row("OS::Nova::ServerGroup", Supported, "2014.2", "", Here),
    row("OS::Octavia::AvailabilityZone", Supported, "24.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::AvailabilityZoneProfile", Supported, "24.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::Flavor", Supported, "14.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::FlavorProfile", Supported, "14.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::HealthMonitor", Supported, "10.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::L7Policy", Supported, "10.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::L7Rule", Supported, "10.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::Listener", Supported, "10.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::LoadBalancer", Supported, "10.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::Pool", Supported, "10.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::PoolMember", Supported, "10.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Octavia::Quota", Supported, "14.0.0", "", Service("octavia", "load-balancer")),
    row("OS::Sahara::Cluster", Hidden, "23.0.0", "Sahara project was retired", Nobody),
    row("OS::Sahara::ClusterTemplate", Hidden, "23.0.0", "", Nobody),
    row("OS::Sahara::DataSource", Hidden, "23.0.0", "Sahara project was retired", Nobody),
    row("OS::Sahara::ImageRegistry", Hidden, "23.0.0", "Sahara project was retired", Nobody),
    row("OS::Sahara::Job", Hidden, "23.0.0", "Sahara project was retired", Nobody),
    row("OS::Sahara::JobBinary", Hidden, "23.0.0", "Sahara project was retired", Nobody),
    row("OS::Sahara::NodeGroupTemplate", Hidden, "23.0.0", "Sahara project was retired", Nobody),
    row("OS::Senlin::Cluster", Hidden, "23.0.0", "Senlin project was retired", Nobody),
    row("OS::Senlin::Node", Hidden, "23.0.0", "Senlin project was retired", Nobody),
    row("OS::Senlin::Policy", Hidden, "23.0.0", "Senlin project was retired", Nobody),
    row("OS::Senlin::Profile", Hidden, "23.0.0", "Senlin project was retired", Nobody),
    row("OS::Senlin::Receiver", Hidden, "23.0.0", "Senlin project was retired", Nobody),
    row("OS::Swift::Container", Supported, "", "", Service("swift", "object-store")),
    row("OS::Trove::Cluster", Supported, "2015.1", "", Service("trove", "database")),
    row("OS::Trove::Instance", Supported, "2014.1", "", Service("trove", "database")),
    row("OS::Vitrage::Template", Hidden, "27.0.0", "Senlin project was retired", Nobody),
    row("OS::Zaqar::MistralTrigger", Supported, "8.0.0", "", Service("zaqar", "messaging")),
    row("OS::Zaqar::Queue", Supported, "2014.2", "", Service("zaqar", "messaging")),
    row("OS::Zaqar::SignedQueueURL", Supported, "8.0.0", "", Service("zaqar", "messaging")),
    row("OS::Zaqar::Subscription", Supported, "8.0.0", "", Service("zaqar", "messaging")),
    row("OS::Zun::Container", Supported, "9.0.0", "", Service("zun", "container")),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_sorted_and_none_that_stands_is_said_to_be_absent() {
        assert!(TYPES.is_sorted_by_key(|row| row.name));
        for plugin in crate::resources::all() {
            assert!(refusal(plugin.name()).is_none(), "{} stands", plugin.name());
        }
    }

    #[test]
    fn a_type_of_an_absent_service_is_refused_with_its_name() {
        let sentence = |name| refusal(name).map(|error| error.to_string()).unwrap_or_default();
        assert_eq!(
            sentence("OS::Cinder::Volume"),
            "HEAT-E99001 Service cinder is not available for resource type OS::Cinder::Volume, \
             reason: cinder volumev3 endpoint is not in service catalog."
        );
        assert_eq!(sentence("OS::Heat::None"), "");
    }
}
